
# lds-check, with kakoune-lsp
hook global BufCreate .*\.(ld|lds|x|lds\.S|ld\.S|lds\.h|ld\.h) %{ set-option buffer filetype ld }
hook global BufSetOption filetype=ld %{
    set-option buffer lsp_servers %{
        [lds-check]
        root_globs = [".lds-check.json", ".git"]
        command = "lds-check"
        args = ["lsp"]
    }
}
hook global WinSetOption filetype=ld %{ lsp-enable-window }
