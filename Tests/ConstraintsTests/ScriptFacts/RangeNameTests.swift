// The words of names that begin and end a stretch.

import Testing

@testable import Constraints

struct RangeNameTests {
  @Test(arguments: [
    ("bss_end", "bss_start"), ("__stop_t", "__start_t"), ("_edata", "_sdata"),
    ("BssEnd", "BssStart"), ("__bss_end__", "__bss_start__"), ("BSS_END", "BSS_START"),
    ("table_stop", "table_begin"), ("imageEnd", "imageBegin"),
  ])
  func startsOfAnEnd(_ end: String, _ start: String) {
    #expect(RangeName(end).starts.contains(start))
  }

  @Test(arguments: [
    ("_end", ""), ("__bss_end__", "bss"), ("KernelEnd", "Kernel"), ("kernel_stop", "kernel"),
    ("_image_binary_end", "image_binary"), ("ImageBinaryEnd", "Image_Binary"),
  ])
  func whatEnds(_ name: String, _ subject: String) {
    #expect(RangeName(name).endedSubject == subject)
  }

  @Test(arguments: ["_start", "bend", "end_of_x", "", "___"])
  func noEnds(_ name: String) {
    #expect(RangeName(name).endedSubject == nil)
  }
}
