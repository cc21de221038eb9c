"""pygls as the editor: python3 pygls_client.py PROGRAM FOLDER. In the folder lie the samples, and in
boot.map.next the map of the next build."""
import asyncio
import os
import sys

from lsprotocol import types as lsp
from pygls.lsp.client import BaseLanguageClient

program, folder = sys.argv[1:]
path = os.path.join(folder, "boot.lds.S")
uri = "file://" + path
document = lsp.TextDocumentIdentifier(uri=uri)


def place(text, word):
    before = text[: text.index(word)]
    return lsp.Position(line=before.count("\n"), character=len(before.split("\n")[-1]) + 1)


async def main():
    client = BaseLanguageClient("test", "1")
    told = {}
    refreshed = asyncio.Event()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def on_diagnostics(params):
        told[params.uri] = params.diagnostics

    @client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)
    def on_refresh(*_):
        refreshed.set()

    await client.start_io(program, "lsp", "-I", folder)
    answer = await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(
                general=lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind.Utf8]),
                workspace=lsp.WorkspaceClientCapabilities(
                    code_lens=lsp.CodeLensWorkspaceClientCapabilities(refresh_support=True)),
            ),
            root_uri="file://" + folder,
        ))
    assert answer.capabilities.position_encoding == "utf-8", answer
    client.initialized(lsp.InitializedParams())
    text = open(path).read()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            text_document=lsp.TextDocumentItem(uri=uri, language_id="ld", version=1, text=text)))

    at = place(text, "SECTION_ALIGN")
    hover = await client.text_document_hover_async(lsp.HoverParams(text_document=document, position=at))
    assert "#define SECTION_ALIGN" in hover.contents.value, hover
    found = await client.text_document_definition_async(lsp.DefinitionParams(text_document=document, position=at))
    assert found[0].uri.endswith("/config.h"), found
    at = place(text, "__2M_text_end")
    edit = await client.text_document_rename_async(
        lsp.RenameParams(text_document=document, position=at, new_name="text_is_over"))
    # What a message says stays.
    named = text.count("__2M_text_end") - text.count('"__2M_text_end')
    assert len(edit.changes[uri]) == named > 1, edit

    async def verdicts():
        lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(text_document=document))
        return [lens.command.title for lens in lenses]

    assert any(title.startswith("holds") for title in await verdicts()), await verdicts()
    everything = lsp.Range(start=lsp.Position(0, 0), end=lsp.Position(text.count("\n"), 0))
    for method, params in [
        (client.text_document_document_symbol_async, lsp.DocumentSymbolParams(text_document=document)),
        (client.text_document_folding_range_async, lsp.FoldingRangeParams(text_document=document)),
        (client.text_document_inlay_hint_async, lsp.InlayHintParams(text_document=document, range=everything)),
        (client.text_document_references_async, lsp.ReferenceParams(
            text_document=document, position=at, context=lsp.ReferenceContext(include_declaration=True))),
    ]:
        assert await method(params), method
    tokens = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(text_document=document))
    assert tokens.data and len(tokens.data) % 5 == 0
    completion = await client.text_document_completion_async(
        lsp.CompletionParams(text_document=document, position=place(text, "ALIGN(")))
    assert any(item.label == "ALIGN" for item in completion.items)

    # The next build.
    await asyncio.sleep(1.5)
    os.rename(os.path.join(folder, "boot.map.next"), os.path.join(folder, "boot.map"))
    await asyncio.wait_for(refreshed.wait(), 60)
    assert any(title.startswith("fails") for title in await verdicts()), await verdicts()
    for _ in range(600):
        if any(d.code == "assertion-fails" for d in told.get(uri, [])):
            break
        await asyncio.sleep(0.1)
    assert any(d.code == "assertion-fails" for d in told[uri]), told

    # A script that lost a line, with the map of its link: the line is offered.
    other = os.path.join(folder, "unaligned/boot.lds.S")
    text = open(other).read()
    client.text_document_did_open(
        lsp.DidOpenTextDocumentParams(
            text_document=lsp.TextDocumentItem(uri="file://" + other, language_id="ld", version=1, text=text)))
    everything = lsp.Range(start=lsp.Position(0, 0), end=lsp.Position(text.count("\n"), 0))
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(
            text_document=lsp.TextDocumentIdentifier(uri="file://" + other), range=everything,
            context=lsp.CodeActionContext(diagnostics=[])))
    mends = [edit.new_text for action in actions for edit in action.edit.changes["file://" + other]]
    assert any("ALIGN(" in mend for mend in mends), [action.title for action in actions]

    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    print("OK")


asyncio.run(main())
