// A language server (LSP 3.17) without input and output: bytes of an editor in, bytes for it out.
//
//     server.receive(bytes)          what came from the editor, in pieces of any size
//     output.write(server.respond())
//     output.write(server.idle())    when nothing came for a while: diagnostics, new images

internal import LdsParser

/// One editor's session.
///
/// It never waits and starts nothing: whoever owns it reads, writes and decides when the editor is idle.
public final class LanguageServer {
  /// Why a session is over.
  public enum End: Sendable, Equatable {
    /// `exit` came after `shutdown`.
    case asked
    /// `exit` came without it.
    case unasked
    /// The stream cannot be read any further.
    case unreadable(String)
  }

  /// Codes of JSON-RPC and LSP.
  enum ErrorCode: Int {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case notInitialized = -32002
    case requestCancelled = -32800
    case requestFailed = -32803
  }

  /// An answer that is an error.
  struct ResponseError: Error {
    let code: ErrorCode
    let message: String
  }

  let host: any EditorHost
  private let name: String
  private let version: String
  private var framing = MessageFraming()
  private var queue: [JSONValue] = []
  private var output: [UInt8] = []
  private var hasShutDown = false
  private var isInitialized = false
  private var requestCount = 0

  /// Set when nothing more is to be answered.
  public private(set) var end: End?

  /// How the editor counts characters.
  private(set) var encoding = PositionEncoding.utf16
  /// What the editor can do.
  private(set) var client = ClientCapabilities()
  /// Open documents by their file.
  var documents: [FilePath: OpenDocument] = [:]
  /// In the order of opening.
  var documentOrder: [FilePath] = []

  /// A session of an editor that has not said anything yet.
  public init(host: any EditorHost, name: String, version: String) {
    self.host = host
    self.name = name
    self.version = version
  }

  // MARK: - The stream

  /// Takes bytes from the editor.
  public func receive(_ bytes: some Sequence<UInt8>) {
    framing.append(bytes)
    while end == nil {
      do throws(MessageFraming.Fault) {
        guard let body = try framing.next() else { return }
        guard let message = JSONValue(body) else {
          send(error: .init(code: .parseError, message: "the message is no JSON"), id: .null)
          continue
        }
        queue.append(message)
      } catch {
        send(error: .init(code: .parseError, message: error.message), id: .null)
        end = .unreadable(error.message)
      }
    }
  }

  /// Answers what came, and returns what is to be written.
  public func respond() -> [UInt8] {
    let cancelled = Set(
      queue.filter { $0["method"] == "$/cancelRequest" }.compactMap { $0["params"]?["id"] })
    for message in queue where end == nil || end.map(Self.isUnreadable) == true {
      handle(message, cancelled)
    }
    queue = []
    return takeOutput()
  }

  private static func isUnreadable(_ end: End) -> Bool {
    if case .unreadable = end { true } else { false }
  }

  /// Says what is new: diagnostics of changed texts, and of all when a build changed what they are about.
  public func idle() -> [UInt8] {
    guard isInitialized, !hasShutDown else { return takeOutput() }
    if watchFiles() { askForRefresh() }
    publishDiagnostics()
    return takeOutput()
  }

  /// Methods of the requests that are answered between `initialize` and `shutdown`.
  public static var requestNames: [String] { Request.allCases.map(\.rawValue) }

  /// Whether ``idle()`` has something to say.
  public var hasNews: Bool { documents.values.contains { $0.needsDiagnostics } }

  private func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  // MARK: - Messages

  private func handle(_ message: JSONValue, _ cancelled: Set<JSONValue>) {
    guard case .object = message else {
      return send(
        error: .init(code: .invalidRequest, message: "the message is no object"), id: .null)
    }
    guard let method = message["method"]?.string else {
      // An answer to a request of ours, or nothing at all.
      if message["id"] == nil || message["result"] == nil && message["error"] == nil {
        send(error: .init(code: .invalidRequest, message: "the message has no method"), id: .null)
      }
      return
    }
    let params = message["params"] ?? .null
    guard let id = message["id"] else { return notify(method, params) }
    if cancelled.contains(id) {
      return send(error: .init(code: .requestCancelled, message: "cancelled"), id: id)
    }
    do throws(ResponseError) {
      send(.object(["jsonrpc": "2.0", "id": id, "result": try answer(method, params)]))
    } catch {
      send(error: error, id: id)
    }
  }

  private func answer(_ method: String, _ params: JSONValue) throws(ResponseError) -> JSONValue {
    if method == "initialize" { return initialize(params) }
    guard isInitialized else {
      throw ResponseError(code: .notInitialized, message: "'initialize' has to come first")
    }
    if hasShutDown {
      throw ResponseError(code: .invalidRequest, message: "the session is shut down")
    }
    if method == "shutdown" {
      hasShutDown = true
      return .null
    }
    guard let request = Request(rawValue: method) else {
      throw ResponseError(code: .methodNotFound, message: "'\(method)' is not known here")
    }
    return try answer(request, params)
  }

  private func notify(_ method: String, _ params: JSONValue) {
    if method == "exit" {
      end = hasShutDown ? .asked : .unasked
      return
    }
    guard isInitialized, !hasShutDown else { return }
    switch method {
    case "textDocument/didOpen": open(params)
    case "textDocument/didChange": change(params)
    case "textDocument/didClose": close(params)
    case "textDocument/didSave", "workspace/didChangeWatchedFiles",
      "workspace/didChangeConfiguration":
      if watchFiles() { askForRefresh() }
    default: break
    }
  }

  private func initialize(_ params: JSONValue) -> JSONValue {
    isInitialized = true
    client = ClientCapabilities(params["capabilities"] ?? .null)
    encoding = client.acceptsUTF8 ? .utf8 : .utf16
    return .object([
      "capabilities": ServerCapabilities.value(encoding),
      "serverInfo": .object(["name": .string(name), "version": .string(version)]),
    ])
  }

  // MARK: - Sending

  func send(_ message: JSONValue) { output += MessageFraming.framed(message) }

  private func send(error: ResponseError, id: JSONValue) {
    let body: JSONValue = .object([
      "code": .integer(error.code.rawValue), "message": .string(error.message),
    ])
    send(.object(["jsonrpc": "2.0", "id": id, "error": body]))
  }

  /// Asks the editor to ask again for what hangs on images.
  private func askForRefresh() {
    for method in client.refreshes {
      requestCount += 1
      send(
        .object([
          "jsonrpc": "2.0", "id": .string("refresh-\(requestCount)"), "method": .string(method),
        ]))
    }
  }
}
