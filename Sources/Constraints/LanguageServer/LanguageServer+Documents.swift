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
  /// The files about which something was said on its behalf.
  var told: Set<FilePath> = []
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
    for told in old.told.sorted(by: { $0.display < $1.display }) {
      publish([], of: told, version: nil)
    }
    refreshIncluders(of: path)
  }

  /// Scripts that may include a file whose text changed are read again.
  private func refreshIncluders(of path: FilePath) {
    for other in documentOrder where other != path { renew(other) }
  }

  private func renew(_ path: FilePath) {
    guard var document = documents[path] else { return }
    document.analysis = ScriptAnalysis(document.text, host: host)
    document.needsDiagnostics = true
    documents[path] = document
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
      let found = DiagnosticList(document.analysis, encoding).byFile
      let files = Set(found.map(\.path)).union([path])
      for old in document.told.subtracting(files).sorted(by: { $0.display < $1.display }) {
        publish([], of: old, version: nil)
      }
      for file in files.sorted(by: { $0.display < $1.display }) {
        let list = found.first { $0.path == file }?.diagnostics ?? []
        publish(list, of: file, version: file == path ? document.version : nil)
      }
      document.told = files
      documents[path] = document
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
