// The option table as a whole: no two options may be mistaken for one another.

import Testing

@testable import lds_check

struct OptionTableTests {
  @Test func everyOptionIsThereOnce() {
    #expect(Set(OptionSpec.all.map(\.id)) == Set(OptionID.allCases))
    #expect(OptionSpec.all.count == OptionID.allCases.count)
  }

  @Test func spellingsAreDistinct() {
    let spellings = OptionSpec.all.flatMap(\.spellings)
    #expect(Set(spellings).count == spellings.count)
    #expect(OptionSpec.all.allSatisfy { !$0.spellings.isEmpty })
  }

  @Test func everyCommandKnowsItsOptionsOnce() {
    for command in CommandTable.all {
      let ids = command.allOptions.map(\.id)
      #expect(Set(ids).count == ids.count, "\(command.name)")
      for option in command.allOptions {
        let row = OptionSpec.all.first { $0.id == option.id }
        #expect(row?.spellings == option.spellings, "\(command.name) \(option.displayName)")
      }
    }
  }

  @Test func wordsOfOneDashAreNoClusters() {
    // `-include` must not be readable as `-i -n ...`: no short flag may start such a word.
    let words = OptionSpec.all.compactMap(\.word)
    let letters = Set(OptionSpec.all.compactMap(\.short))
    for word in words {
      #expect(!letters.contains(word.dropFirst().first ?? "-"), "\(word)")
    }
  }
}
