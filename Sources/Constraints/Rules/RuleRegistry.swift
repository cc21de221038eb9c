// The list of all rules. A test compares it with the files beside it.

/// Every rule of the program.
public enum RuleRegistry {
  /// The rules in order of their ids.
  public static let all: [any Rule.Type] = [
    AlignmentMask.self,
    AssertAlwaysTrue.self,
    AssertMessage.self,
    AssertNeverHolds.self,
    BootHeader.self,
    BoundaryBeforeAlign.self,
    BoundaryEndUnaligned.self,
    BoundaryUnaligned.self,
    BoundaryUnasserted.self,
    BoundaryUnderaligned.self,
    BssBeforeData.self,
    CollectedTable.self,
    ContradictingAsserts.self,
    CopyLength.self,
    CopySource.self,
    DataLoadAddress.self,
    DroppedAddress.self,
    DuplicateAssert.self,
    DuplicatePattern.self,
    EmptyTable.self,
    EndBeforeContents.self,
    EvidenceConflict.self,
    FileOffsetCongruence.self,
    HeadersNotLoaded.self,
    ImageOffset.self,
    ImageSlot.self,
    InitialStack.self,
    InsertTarget.self,
    LinkerDifference.self,
    LinkerRefusal.self,
    LoadAddressCongruence.self,
    LoadAddressDrift.self,
    LoadAddressLost.self,
    LoadAddressRegion.self,
    LoadImageOverlap.self,
    LocationCounterBack.self,
    MappedTail.self,
    MissingCommon.self,
    MissingKeep.self,
    MisspeltMacro.self,
    NewerCommand.self,
    NoloadContents.self,
    NumberLikeName.self,
    OperatorPrecedence.self,
    OrphanSection.self,
    OverfilledReserve.self,
    PEMemoryProtection.self,
    PESectionAlignment.self,
    ProvidedAssertFails.self,
    RawImageEnd.self,
    RawImageGap.self,
    RawImagePadding.self,
    RegionOverflow.self,
    RegionOverlap.self,
    RWXSegment.self,
    SectionRelativeComparison.self,
    SectionRelativeTest.self,
    ShadowedPattern.self,
    SplitRange.self,
    StartupClear.self,
    StartupCopy.self,
    StraySection.self,
    SuperpageAlignment.self,
    SuperpageBoundary.self,
    SwallowedOperator.self,
    SymbolSetTwice.self,
    TableCapacity.self,
    TableOverrun.self,
    TableWindow.self,
    UnallocatedSection.self,
    UnassignedSegment.self,
    UnclearedSection.self,
    UncopiedSection.self,
    UndeclaredRegion.self,
    UndefinedSymbol.self,
    UnlistedNote.self,
    UnmatchedSection.self,
    UnsignedComparison.self,
    UnusedMappedTail.self,
    UnusedRegion.self,
    UnwritableSection.self,
    WeakAlignmentAssert.self,
    WritableExecutable.self,
  ]

  /// The rule with this id.
  public static func rule(_ id: String) -> (any Rule.Type)? { byID[id] }

  private static let byID = [String: any Rule.Type](
    uniqueKeysWithValues: all.map { ($0.description.id, $0) })

  /// What all rules find, rule by rule in order of their ids; `isEnabled` may leave some out.
  public static func check(
    _ context: RuleContext, isEnabled: (String) -> Bool = { _ in true }
  ) -> [Finding] {
    var findings: [Finding] = []
    for rule in all {
      let description = rule.description
      guard isEnabled(description.id), description.needs.allSatisfy(context.has) else { continue }
      findings += rule.init().check(context)
    }
    return findings
  }
}

extension FindingKind {
  /// The kind of a rule's findings.
  public init(_ rule: RuleDescription) {
    self.init(
      id: rule.id, summary: rule.summary, rationale: rule.rationale, fix: rule.fix,
      severity: rule.severity)
  }
}

extension ProgramFindings {
  /// Every kind of finding there is, rules and the program's own, in order of their ids.
  public static let everything = (RuleRegistry.all.map { FindingKind($0.description) } + all)
    .sorted { $0.id < $1.id }
}
