;; lds-check for Emacs 29 and later, whose eglot is built in; Emacs 28 needs the package eglot.
(define-derived-mode lds-check-mode prog-mode "LDS"
  "Linker scripts of GNU ld and lld."
  (setq-local comment-start "/* " comment-end " */")
  (modify-syntax-entry ?/ ". 14" (syntax-table))
  (modify-syntax-entry ?* ". 23" (syntax-table))
  (modify-syntax-entry ?_ "_" (syntax-table))
  (modify-syntax-entry ?. "_" (syntax-table)))
(add-to-list 'auto-mode-alist '("\\.\\(?:lds?\\(?:\\.[Sh]\\)?\\|x\\)\\'" . lds-check-mode))
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(lds-check-mode . ("lds-check" "lsp"))))
(add-hook 'lds-check-mode-hook #'eglot-ensure)
