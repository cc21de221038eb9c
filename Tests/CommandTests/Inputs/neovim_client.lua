-- Neovim as the editor: nvim --headless -u samples/editors/lds-check.lua boot.lds.S -c 'luafile this'
-- In the folder lie boot.lds.S, config.h and boot.map; boot.map.next is the map of the next build.
local function fail(text)
  io.stdout:write('FAIL ' .. text .. '\n')
  vim.cmd('cquit 1')
end
local function check(value, text)
  if not value then
    fail(text)
  end
end
local function wait(text, condition)
  check(vim.wait(60000, condition, 50), 'waited in vain for ' .. text)
end
local function request(method, more)
  local params = vim.tbl_extend('force', vim.lsp.util.make_position_params(), more or {})
  local answers = vim.lsp.buf_request_sync(0, method, params, 60000) or {}
  for _, answer in pairs(answers) do
    return answer.result
  end
end
local function go_to(text)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  check(vim.fn.search('\\V' .. text) > 0, text .. ' is not in the script')
end
local function verdicts()
  local titles = {}
  for _, lens in ipairs(request('textDocument/codeLens') or {}) do
    titles[lens.command.title] = true
  end
  return titles
end

wait('the server', function()
  return #vim.lsp.get_active_clients() > 0 and vim.lsp.get_active_clients()[1].initialized
end)
go_to('SECTION_ALIGN')
local hover = request('textDocument/hover')
check(hover and hover.contents.value:find('#define SECTION_ALIGN'), 'hover of a macro')
local definition = request('textDocument/definition')
check(definition and definition[1].uri:find('config.h'), 'definition of a macro')
wait('a verdict', function()
  return verdicts()['holds']
end)
go_to('__2M_text_end')
vim.lsp.buf.rename('text_is_over')
wait('the new name', function()
  return vim.fn.search('\\V(text_is_over,', 'nw') > 0 and vim.fn.search('\\V__2M_text_end = .', 'nw') == 0
end)
vim.cmd('undo')
vim.api.nvim_buf_set_lines(0, 0, 0, false, { 'early   =   1 ;' })
local edits = request('textDocument/formatting', { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, 0, vim.lsp.get_active_clients()[1].offset_encoding)
check(vim.fn.getline(1) == 'early = 1;', 'formatting')
vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'ASSERT(, "nothing")' })
wait('an error', function()
  return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) > 0
end)
vim.api.nvim_buf_set_lines(0, 0, 1, false, {})
wait('no error', function()
  return #vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR }) == 0
end)
check(vim.loop.fs_rename('boot.map.next', 'boot.map'), 'the next build')
wait('another verdict', function()
  for title in pairs(verdicts()) do
    if title:find('^fails') then
      return true
    end
  end
end)
io.stdout:write('OK\n')
vim.cmd('qall!')
