// The texts that an editor holds, and what is wrong with them.

internal import LdsParser

/// A text that is open in the editor.
struct OpenDocument {
  /// As the editor spells it.
  let uri: String
  /// The editor's number of this state of the text.
  var version: Int?
  var text: SourceBuffer
  var positions: TextPositions
  var analysis: ScriptAnalysis
  /// Whether what was said of it may have changed.
  var needsDiagnostics = true
  /// What was said on its behalf, by file.
  var told: [FilePath: [JSONValue]] = [:]
  /// The files and images when it was last looked at.
  var stamp: UInt64 = 0
}

extension LanguageServer {
  private func make(_ bytes: [UInt8], _ path: FilePath, _ uri: String, _ version: Int?)
    -> OpenDocument
  {
    let text = SourceBuffer(path: path, bytes: bytes)
    host.hold(text, at: path)
    return OpenDocument(
      uri: uri, version: version, text: text, positions: TextPositions(bytes, encoding),
      analysis: ScriptAnalysis(text, host: host))
  }

  func open(_ params: JSONValue) {
    guard let document = params["textDocument"], let uri = document["uri"]?.string,
      let text = document["text"]?.string
    else { return }
    let path = DocumentURI.path(uri)
    if documents[path] == nil { documentOrder.append(path) }
    documents[path] = make(Array(text.utf8), path, uri, document["version"]?.integer)
    refreshIncluders(of: path)
  }

  func change(_ params: JSONValue) {
    guard let uri = params["textDocument"]?["uri"]?.string else { return }
    let path = DocumentURI.path(uri)
    guard let old = documents[path] else { return }
    var bytes = old.text.bytes(in: 0..<old.text.count)
    for change in params["contentChanges"]?.elements ?? [] {
      guard let text = change["text"]?.string else { continue }
      guard let range = change["range"] else {
        bytes = Array(text.utf8)
        continue
      }
      let positions = TextPositions(bytes, encoding)
      let start = positions.offset(of: Self.position(range["start"]))
      let end = positions.offset(of: Self.position(range["end"]))
      bytes.replaceSubrange(min(start, end)..<max(start, end), with: Array(text.utf8))
    }
    var new = make(bytes, path, old.uri, params["textDocument"]?["version"]?.integer ?? old.version)
    new.told = old.told
    // A build that ended while this was typed is seen all the same.
    new.stamp = old.stamp
    documents[path] = new
    refreshIncluders(of: path)
  }

  func close(_ params: JSONValue) {
    guard let uri = params["textDocument"]?["uri"]?.string else { return }
    let path = DocumentURI.path(uri)
    guard let old = documents.removeValue(forKey: path) else { return }
    documentOrder.removeAll { $0 == path }
    host.hold(nil, at: path)
    publish(Set(old.told.keys).union([path]))
    refreshIncluders(of: path)
  }

  /// Scripts that may include a file whose text changed are read again; then files are seen as parts of them.
  private func refreshIncluders(of path: FilePath) {
    for other in documentOrder where other != path { renew(other) }
    relate()
  }

  private func renew(_ path: FilePath) {
    guard var document = documents[path] else { return }
    document.analysis = ScriptAnalysis(document.text, host: host)
    document.needsDiagnostics = true
    documents[path] = document
  }

  /// Sees each text as a part of the first open script that includes it.
  private func relate() {
    guard documents.count > 1 else { return }
    for path in documentOrder {
      guard let document = documents[path] else { continue }
      let whole = documentOrder.lazy.filter { $0 != path }.compactMap { other in
        self.documents[other].flatMap { ScriptAnalysis(document.text, within: $0.analysis) }
      }.first
      if let whole { documents[path]?.analysis = whole }
    }
  }

  /// Looks whether files, images or configurations changed on disk; those scripts are read again.
  ///
  /// - Returns: whether there were any.
  func watchFiles() -> Bool {
    var hasChanged = false
    for path in documentOrder {
      guard let document = documents[path] else { continue }
      let stamp = stamp(of: document)
      if document.stamp != 0, document.stamp != stamp {
        renew(path)
        hasChanged = true
      }
      documents[path]?.stamp = stamp
    }
    if hasChanged { relate() }
    return hasChanged
  }

  private func stamp(of document: OpenDocument) -> UInt64 {
    let analysis = document.analysis
    let paths = analysis.files.map { analysis.sources.buffer($0).path }
    return host.stamp(of: paths, script: document.text.path)
  }

  // MARK: - Diagnostics

  /// Says what is wrong with the texts that changed since this was last said.
  func publishDiagnostics() {
    for path in documentOrder {
      guard var document = documents[path], document.needsDiagnostics else { continue }
      document.needsDiagnostics = false
      var files = Set(document.told.keys).union([path])
      document.told = [:]
      // What is wrong with a part is said of the whole.
      if document.analysis.includer == nil {
        for found in DiagnosticList(document.analysis, encoding).byFile {
          document.told[found.path] = found.diagnostics
        }
      }
      files.formUnion(document.told.keys)
      documents[path] = document
      publish(files)
    }
  }

  /// Says of each file what all open scripts that read it have found in it.
  private func publish(_ files: Set<FilePath>) {
    for file in files.sorted(by: { $0.display < $1.display }) {
      var all: [JSONValue] = []
      for path in documentOrder {
        all += (documents[path]?.told[file] ?? []).filter { !all.contains($0) }
      }
      publish(all, of: file, version: documents[file]?.version)
    }
  }

  private func publish(_ diagnostics: [JSONValue], of path: FilePath, version: Int?) {
    let params: JSONValue = .object([
      "uri": .string(documents[path]?.uri ?? DocumentURI.uri(path)),
      "version": version.map { .integer($0) }, "diagnostics": .array(diagnostics),
    ])
    send(
      .object([
        "jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params,
      ]))
  }

  static func position(_ value: JSONValue?) -> EditorPosition {
    EditorPosition(
      line: value?["line"]?.integer ?? 0, character: value?["character"]?.integer ?? 0)
  }
}
