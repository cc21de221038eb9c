#define SEGMENT_DATA :data
