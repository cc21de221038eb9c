import LdsParser
