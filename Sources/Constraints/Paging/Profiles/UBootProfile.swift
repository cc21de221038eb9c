// U-Boot: a raw image to which a device tree is appended at _image_binary_end; how it is mapped its program headers say.
//
// Sources: Makefile (`u-boot-nodtb.bin: objcopy -O binary`), common/spl/spl.c, lib/fdtdec.c `fdt_find_separate`.

internal import LdsParser

extension MappingDescription {
  /// The profile `u-boot`.
  public static let uBoot: MappingDescription = {
    var description = MappingDescription(name: "u-boot", regions: [])
    description.image = ShippedDescription(form: .binary, end: "_image_binary_end")
    return description
  }()
}
