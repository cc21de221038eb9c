// Whether an image is one of those that proofs are about: each premise of a proof held against what the files of the
// image say.

public import LdsParser

/// A premise of every proof that one image does not meet: what `lint` says of the script's ASSERTs is not said of it.
public struct UnmetPremise: Sendable, Hashable {
  /// What is taken for granted.
  public enum Premise: String, Sendable, CaseIterable {
    /// No address wraps around because of the contents of sections.
    case addressesDoNotWrap = "addresses-do-not-wrap"
    /// The linker's command line sets no symbol and no address, and no tool changed the file behind the link.
    case scriptAlonePlaces = "script-alone-places"
    /// It is the result of a final link.
    case finalLink = "final-link"
    /// Sections have the flags that their names promise.
    case namesTellFlags = "names-tell-flags"
    /// The linker by whose rules it was proved made it.
    case sameLinker = "same-linker"
  }

  /// Which one.
  public let premise: Premise
  /// What the image shows: a clause without a full stop.
  public let reason: String
}

extension JudgedImage {
  /// The premises that the files of this image contradict, in the order of ``UnmetPremise/Premise``; none for a map
  /// judged by itself, of which nothing is proved.
  ///
  /// It cannot see what leaves no trace: orphans that `--orphan-handling=discard` took away, a symbol of `--defsym`, or
  /// an address that no ASSERT is about. Where the script did not make the image at all, `stale-layout` says so instead.
  ///
  /// - Parameter dialect: The linker by whose rules the proofs were made.
  public func unmetPremises(of dialect: LinkerDialect) -> [UnmetPremise] {
    guard script != nil, !report.assignments.contains(where: \.isStale) else { return [] }
    let found: [(UnmetPremise.Premise, String?)] = [
      (.addressesDoNotWrap, wrapping), (.scriptAlonePlaces, moved),
      (.finalLink, unfinished), (.namesTellFlags, outsideOfMemory),
      (.sameLinker, maker(other: dialect)),
    ]
    return found.compactMap { premise, reason in
      reason.map { UnmetPremise(premise: premise, reason: $0) }
    }
  }

  /// A section that reaches the end of the address space and goes on at 0.
  private var wrapping: String? {
    for image in images {
      let last: UInt64 = image.is32Bit == true ? 0xffff_ffff : .max
      for section in image.outputSections where section.flags?.contains(.allocated) != false {
        guard let start = section.vma, start <= last, section.size > 0,
          section.size - 1 > last - start
        else { continue }
        return "'\(Self.text(section.name))' passes the end of the address space"
      }
    }
    return nil
  }

  /// A section that is not where the script puts it.
  private var moved: String? {
    let items = report.assertions.lazy.flatMap { $0.lack?.items ?? [] }
    let names = items.compactMap { item -> NameID? in
      if case .movedSection(let name) = item { name } else { nil }
    }
    return names.first.map {
      "section '\(Self.text(report.program.names.bytes($0)))' is not where the script puts it"
    }
  }

  private var unfinished: String? {
    images.first { $0.isRelocatable }.map { "\($0.path.lastComponent.display) is relocatable" }
  }

  /// A section that a proof gives room in memory, and the image does not.
  private var outsideOfMemory: String? {
    let program = report.program
    let traits = LayoutPlan(program).traits
    for (section, trait) in zip(program.sections, traits) where !trait.isDiscard && !trait.isOpaque
    {
      let name = program.names.bytes(section.name)
      for image in images {
        guard let index = image.section(named: name),
          case let record = image.outputSections[index], record.size > 0, let flags = record.flags
        else { continue }
        if trait.isSurelyAllocated, !flags.contains(.allocated) {
          return
            "'\(Self.text(name))' has no room in memory, which the names of its input sections promise"
        }
        if !trait.mayBeThreadLocal, flags.isSuperset(of: [.threadLocal, .noBits]) {
          return
            "'\(Self.text(name))' holds thread-local zeros, and none of its input sections is called .tbss"
        }
      }
    }
    return nil
  }

  private func maker(other dialect: LinkerDialect) -> String? {
    for image in images {
      guard let linker = image.linker,
        dialect != linker.family || linker.span.map({ $0.contains(dialect.version) }) == false
      else { continue }
      let isOther = dialect != linker.family
      let name = linker.isExact ? linker.dialect.name : linker.family.name
      return
        "\(isOther || linker.isExact ? name : "another release of \(name)") made it, not \(dialect.name)"
    }
    return nil
  }

  private static func text(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self) }
}
