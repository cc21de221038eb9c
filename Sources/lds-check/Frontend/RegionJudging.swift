// Regions that overflow, for the commands that judge images by their ASSERTs: the linker refuses such a link, too.

import Constraints
import LdsParser

/// Finds regions that are too small for an image.
enum RegionJudging {
  /// The overflowing regions of `images`, with what they are in the sources of `script`.
  ///
  /// - Parameter images: read with all their parts.
  static func findings(
    _ images: [Image], script: LoadedScript?, dialect: LinkerDialect
  ) -> [Finding] {
    ImageEvidence.grouping(images).flatMap { group -> [Finding] in
      let files = group.map { images[$0] }
      guard let use = MemoryUse(files, script: script?.script, dialect: dialect) else { return [] }
      return MemoryOverflow.all(of: use).map {
        $0.finding(of: use.files[0].path, script: script?.script)
      }
    }
  }

  /// The same for images that were read without their input sections, which tell what is loaded: where regions are
  /// known, they are read again.
  static func findings(
    rereading inputs: LoadedInputs, _ arguments: ParsedArguments, dialect: LinkerDialect
  ) throws -> [Finding] {
    let script = inputs.scripts.first
    let hasRegions =
      inputs.images.contains { !$0.regions.isEmpty } || script?.script.declaresRegions == true
    guard hasRegions, !inputs.images.isEmpty else { return [] }
    let isStream = arguments.inputs.contains { $0.isStandardInput }
    let images = isStream ? inputs.images : try InputLoader(arguments).loadLaidOut().images
    return findings(images, script: script, dialect: dialect)
  }
}

extension LinkerScript {
  /// Whether there is a MEMORY command.
  fileprivate var declaresRegions: Bool {
    statements.contains { statement in
      if case .memory = statement.kind { return true }
      return false
    }
  }
}
