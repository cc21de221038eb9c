# Xen: checks of the two images after their last link, for xen/arch/x86/Makefile.
#
# 1. Put the definition below beside the other variables of that Makefile.
# 2. Give each rule one more line at its end, beside check-endbr.sh:
#
#        $(TARGET)-syms: ...
#                ...
#                $(call lds-check,xen)
#
#        $(TARGET).efi: ...
#                ...
#                $(call lds-check,efi)
#
# 3. Build with LDS_CHECK=lds-check; without it nothing changes. In automation/gitlab-ci/build.yaml add
#
#        artifacts:
#          reports:
#            codequality: xen/.xen*.codequality.json
#
# The intermediate links need no check: the linker judges their ASSERTs, and only the last images are booted.
# The flags of the preprocessor come from the .cmd file that kbuild leaves, so that findings name xen.lds.S.
lds-check = $(if $(LDS_CHECK),$(LDS_CHECK) lint --profile xen-x86 \
	--cpp-command $(obj)/.$(1).lds.cmd $(srctree)/$(src)/xen.lds.S $@ \
	--output gitlab=$(@D)/.$(@F).codequality.json)
