// Firmware that leaves the build as a raw image; how it is mapped its program headers say.
//
// U-Boot: a raw image to which a device tree is appended at _image_binary_end. Zephyr: zephyr.bin, of which no
// symbol is the end.
//
// Sources: Makefile (`u-boot-nodtb.bin: objcopy -O binary`), common/spl/spl.c, lib/fdtdec.c `fdt_find_separate`;
// Zephyr's CMakeLists.txt (`BUILD_OUTPUT_BIN`).

internal import LdsParser

extension MappingDescription {
  /// The profile `u-boot`.
  public static let uBoot: MappingDescription = {
    var description = MappingDescription(name: "u-boot", regions: [])
    description.image = ShippedDescription(form: .binary, end: "_image_binary_end")
    return description
  }()

  /// The profile `zephyr`.
  public static let zephyr: MappingDescription = {
    var description = MappingDescription(name: "zephyr", regions: [])
    description.image = ShippedDescription(form: .binary)
    return description
  }()
}
