-- lds-check for Neovim 0.7 and later: verdicts, hover, definitions and the rest for linker scripts.
vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  pattern = { '*.ld', '*.lds', '*.x', '*.ld.S', '*.lds.S', '*.ld.h', '*.lds.h' },
  callback = function()
    vim.bo.filetype = 'ld'
  end,
})

-- The folder above a file that holds the configuration or the repository.
local function root(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local above = folder
  while true do
    for _, name in ipairs({ '/.lds-check.json', '/.git' }) do
      if vim.loop.fs_stat(above .. name) then
        return above
      end
    end
    local next_folder = vim.fn.fnamemodify(above, ':h')
    if next_folder == above then
      return folder
    end
    above = next_folder
  end
end

-- The verdict above each ASSERT; after a build it follows as soon as the cursor rests.
local function show_verdicts(_, buffer)
  vim.api.nvim_create_autocmd({ 'BufEnter', 'BufWritePost', 'CursorHold', 'InsertLeave' }, {
    buffer = buffer,
    callback = function()
      vim.lsp.codelens.refresh()
    end,
  })
  vim.schedule(vim.lsp.codelens.refresh)
end

local clients = {}
vim.api.nvim_create_autocmd('FileType', {
  pattern = 'ld',
  callback = function(event)
    local folder = root(vim.api.nvim_buf_get_name(event.buf))
    clients[folder] = clients[folder]
      or vim.lsp.start_client({
        name = 'lds-check',
        cmd = { 'lds-check', 'lsp' },
        root_dir = folder,
        on_attach = show_verdicts,
      })
    if clients[folder] then
      vim.lsp.buf_attach_client(event.buf, clients[folder])
    end
  end,
})
