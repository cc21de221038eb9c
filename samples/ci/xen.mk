# Xen: a link that fails is explained in the job's log, and both images are checked after their last link. For
# xen/arch/x86/Makefile.
#
# 1. Put the two definitions below beside the other variables of that Makefile.
# 2. Append $(call lds-explain,xen) to every $(LD) command of the rule of $(TARGET)-syms, and $(call lds-explain,efi)
#    to those of $(TARGET).efi, behind -o and its file:
#
#        $(LD) $(XEN_LDFLAGS) -T $(obj)/xen.lds $< $(build_id_linker) --strip-debug \
#              $(dot-target).0.o -o $(dot-target).0 $(call lds-explain,xen)
#
#        $(LD) $(call EFI_LDFLAGS,$(base)) -T $(obj)/efi.lds $< $(relocs-dummy) \
#              $(dot-target).0s.o $(note_file_option) --strip-debug \
#              -o $(dot-target).$(base).0 $(call lds-explain,efi) &&) :
#
# 3. End each rule with one more line, beside check-endbr.sh:
#
#        $(call lds-check,xen)          for $(TARGET)-syms
#        $(call lds-check,efi)          for $(TARGET).efi
#
# 4. Build with LDS_CHECK=lds-check; without it nothing changes. In automation/gitlab-ci/build.yaml add
#
#        artifacts:
#          reports:
#            codequality: xen/.xen*.codequality.json
#
# The first link that fails already says why: the linker judges the ASSERTs of the intermediate links, too.
# The flags of the preprocessor come from the .cmd file that kbuild leaves, so that lines are those of xen.lds.S.
lds-explain = $(if $(LDS_CHECK),-Map=$(dot-target).ldmap || { $(LDS_CHECK) explain --profile xen-x86 \
	--cpp-command $(obj)/.$(1).lds.cmd $(srctree)/$(src)/xen.lds.S $(dot-target).ldmap >&2; false; })
lds-check = $(if $(LDS_CHECK),$(LDS_CHECK) lint --quiet --profile xen-x86 --cpp-command $(obj)/.$(1).lds.cmd \
	$(srctree)/$(src)/xen.lds.S $@ $(dot-target).ldmap --output gitlab=$(@D)/.$(@F).codequality.json)
