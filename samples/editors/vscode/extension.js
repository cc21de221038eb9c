// lds-check in VS Code: starts `lds-check lsp` and hands its answers on. It needs nothing but what VS Code has.
'use strict';
const vscode = require('vscode');
const { spawn } = require('child_process');

const selector = { language: 'ld' };

/** The protocol: requests, notifications, answers over the standard streams of a child. */
class Connection {
  constructor(command, args, cwd, onNotification, onEnd) {
    this.next = 1;
    this.waiting = new Map();
    this.buffer = Buffer.alloc(0);
    this.onNotification = onNotification;
    this.child = spawn(command, args, { cwd });
    this.child.on('error', (error) => onEnd(error.message));
    this.child.on('exit', (code) => onEnd(code ? `ended with status ${code}` : undefined));
    this.child.stdin.on('error', () => {});
    this.child.stdout.on('data', (data) => this.receive(data));
  }

  write(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }

  notify(method, params) {
    this.write({ method, params });
  }

  request(method, params, token) {
    const id = this.next++;
    this.write({ id, method, params });
    if (token) token.onCancellationRequested(() => this.notify('$/cancelRequest', { id }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  receive(data) {
    this.buffer = Buffer.concat([this.buffer, data]);
    for (;;) {
      const end = this.buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.buffer.toString('ascii', 0, end))[1]);
      if (this.buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.buffer.toString('utf8', end + 4, end + 4 + length));
      this.buffer = this.buffer.subarray(end + 4 + length);
      this.take(message);
    }
  }

  take(message) {
    if (message.method) {
      this.onNotification(message.method, message.params);
      if (message.id !== undefined) this.write({ id: message.id, result: null });
      return;
    }
    const resolve = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!resolve) return;
    if (message.error && message.error.code === -32803) vscode.window.showWarningMessage(message.error.message);
    resolve(message.error ? null : message.result);
  }
}

// From the protocol to VS Code and back.
const position = (p) => new vscode.Position(p.line, p.character);
const range = (r) => new vscode.Range(position(r.start), position(r.end));
const plain = (r) => ({ start: { line: r.start.line, character: r.start.character }, end: { line: r.end.line, character: r.end.character } });
const location = (l) => new vscode.Location(vscode.Uri.parse(l.uri), range(l.range));
const identity = (document) => ({ textDocument: { uri: document.uri.toString() } });
const at = (document, p) => ({ ...identity(document), position: { line: p.line, character: p.character } });

function workspaceEdit(edit) {
  const result = new vscode.WorkspaceEdit();
  for (const [uri, edits] of Object.entries(edit.changes || {})) {
    result.set(vscode.Uri.parse(uri), edits.map((e) => vscode.TextEdit.replace(range(e.range), e.newText)));
  }
  return result;
}

function diagnostic(d) {
  const result = new vscode.Diagnostic(range(d.range), d.message, d.severity - 1);
  result.source = d.source;
  result.code = d.codeDescription ? { value: d.code, target: vscode.Uri.parse(d.codeDescription.href) } : d.code;
  result.tags = d.tags;
  result.relatedInformation = (d.relatedInformation || []).map(
    (i) => new vscode.DiagnosticRelatedInformation(location(i.location), i.message));
  return result;
}

function symbol(s) {
  const result = new vscode.DocumentSymbol(s.name, '', s.kind - 1, range(s.range), range(s.selectionRange));
  result.children = (s.children || []).map(symbol);
  return result;
}

function completion(item) {
  const result = new vscode.CompletionItem(item.label, item.kind - 1);
  result.detail = item.detail;
  result.sortText = item.sortText;
  result.range = range(item.textEdit.range);
  result.insertText = item.insertTextFormat === 2
    ? new vscode.SnippetString(item.textEdit.newText) : item.textEdit.newText;
  return result;
}

async function activate(context) {
  const settings = vscode.workspace.getConfiguration('lds-check');
  const folder = vscode.workspace.workspaceFolders && vscode.workspace.workspaceFolders[0];
  const diagnostics = vscode.languages.createDiagnosticCollection('lds-check');
  const lensesChanged = new vscode.EventEmitter();
  const hintsChanged = new vscode.EventEmitter();
  const onNotification = (method, params) => {
    if (method === 'textDocument/publishDiagnostics') {
      diagnostics.set(vscode.Uri.parse(params.uri), params.diagnostics.map(diagnostic));
    } else if (method === 'window/showMessage') {
      vscode.window.showWarningMessage(`lds-check: ${params.message}`);
    } else if (method === 'workspace/codeLens/refresh') {
      lensesChanged.fire();
    } else if (method === 'workspace/inlayHint/refresh') {
      hintsChanged.fire();
    }
  };
  const connection = new Connection(
    settings.get('path'), ['lsp', ...settings.get('arguments')], folder && folder.uri.fsPath, onNotification,
    (reason) => reason && vscode.window.showErrorMessage(`lds-check: ${reason}`));
  const answer = await connection.request('initialize', {
    processId: process.pid,
    rootUri: folder ? folder.uri.toString() : null,
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      workspace: { codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true } },
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      },
    },
  });
  if (!answer) return;
  connection.notify('initialized', {});
  const legend = answer.capabilities.semanticTokensProvider.legend;

  const open = (document) => {
    if (document.languageId !== 'ld') return;
    connection.notify('textDocument/didOpen', {
      textDocument: { uri: document.uri.toString(), languageId: 'ld', version: document.version, text: document.getText() },
    });
  };
  vscode.workspace.textDocuments.forEach(open);
  const languages = vscode.languages;
  context.subscriptions.push(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.languageId === 'ld') connection.notify('textDocument/didClose', identity(document));
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (document.languageId === 'ld') connection.notify('textDocument/didSave', identity(document));
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document.languageId !== 'ld') return;
      connection.notify('textDocument/didChange', {
        textDocument: { uri: event.document.uri.toString(), version: event.document.version },
        contentChanges: event.contentChanges.map((c) => ({ range: plain(c.range), text: c.text })),
      });
    }),
    languages.registerHoverProvider(selector, {
      provideHover: async (document, p, token) => {
        const hover = await connection.request('textDocument/hover', at(document, p), token);
        return hover && new vscode.Hover(new vscode.MarkdownString(hover.contents.value), range(hover.range));
      },
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: async (document, p, token) =>
        ((await connection.request('textDocument/definition', at(document, p), token)) || []).map(location),
    }),
    languages.registerReferenceProvider(selector, {
      provideReferences: async (document, p, c, token) =>
        ((await connection.request('textDocument/references', { ...at(document, p), context: c }, token)) || []).map(location),
    }),
    languages.registerRenameProvider(selector, {
      prepareRename: async (document, p, token) => {
        const found = await connection.request('textDocument/prepareRename', at(document, p), token);
        if (!found) throw new Error('there is no name here that can be changed');
        return range(found);
      },
      provideRenameEdits: async (document, p, newName, token) => {
        const edit = await connection.request('textDocument/rename', { ...at(document, p), newName }, token);
        return edit && workspaceEdit(edit);
      },
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: async (document, token) =>
        ((await connection.request('textDocument/documentSymbol', identity(document), token)) || []).map(symbol),
    }),
    languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: async (query, token) =>
        ((await connection.request('workspace/symbol', { query }, token)) || []).map(
          (s) => new vscode.SymbolInformation(s.name, s.kind - 1, '', location(s.location))),
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: async (document, c, token) =>
        ((await connection.request('textDocument/foldingRange', identity(document), token)) || []).map(
          (f) => new vscode.FoldingRange(f.startLine, f.endLine, f.kind === 'comment' ? vscode.FoldingRangeKind.Comment : undefined)),
    }),
    languages.registerCompletionItemProvider(selector, {
      provideCompletionItems: async (document, p, token) => {
        const list = await connection.request('textDocument/completion', at(document, p), token);
        return list && list.items.map(completion);
      },
    }, ...answer.capabilities.completionProvider.triggerCharacters),
    languages.registerDocumentSemanticTokensProvider(selector, {
      provideDocumentSemanticTokens: async (document, token) => {
        const tokens = await connection.request('textDocument/semanticTokens/full', identity(document), token);
        return tokens && new vscode.SemanticTokens(new Uint32Array(tokens.data));
      },
    }, new vscode.SemanticTokensLegend(legend.tokenTypes, legend.tokenModifiers)),
    languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensesChanged.event,
      provideCodeLenses: async (document, token) =>
        ((await connection.request('textDocument/codeLens', identity(document), token)) || []).map(
          (l) => new vscode.CodeLens(range(l.range), { title: l.command.title, command: '' })),
    }),
    languages.registerInlayHintsProvider(selector, {
      onDidChangeInlayHints: hintsChanged.event,
      provideInlayHints: async (document, r, token) =>
        ((await connection.request('textDocument/inlayHint', { ...identity(document), range: plain(r) }, token)) || []).map((h) => {
          const hint = new vscode.InlayHint(position(h.position), h.label);
          hint.paddingLeft = h.paddingLeft;
          hint.tooltip = h.tooltip;
          return hint;
        }),
    }),
    languages.registerCodeActionsProvider(selector, {
      provideCodeActions: async (document, r, c, token) =>
        ((await connection.request('textDocument/codeAction',
          { ...identity(document), range: plain(r), context: { diagnostics: [] } }, token)) || []).map((a) => {
          const action = new vscode.CodeAction(a.title, vscode.CodeActionKind.Empty.append(a.kind));
          action.edit = workspaceEdit(a.edit);
          return action;
        }),
    }),
    languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: async (document, options, token) =>
        ((await connection.request('textDocument/formatting', { ...identity(document), options }, token)) || []).map(
          (e) => vscode.TextEdit.replace(range(e.range), e.newText)),
    }),
    {
      dispose: () => {
        connection.request('shutdown').then(() => connection.notify('exit'));
      },
    });
}

module.exports = { activate, deactivate: () => {} };
