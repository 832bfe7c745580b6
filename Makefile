# Rules only; ./build.sh is the entry. V=1 shows the commands.
.DELETE_ON_ERROR:
.SUFFIXES:

V ?= 0
Q := $(if $(filter 0,$(V)),@)
CC := gcc
CLANG := clang-19
MUSL_CC := musl-gcc
AFL_CC := afl-clang-fast
# For arm64, from anywhere: Debian's cross compiler, and the wrapper of musl-dev:arm64.
ARM := aarch64-linux-gnu-
ARM_MUSL_CC := aarch64-linux-musl-gcc

# ---- what there is -----------------------------------------------------------------------------

PURE := $(sort $(wildcard core/base/*.c core/text/*.c core/bytes/*.c core/spec/*.c core/plan/*.c))
RUN := $(sort $(wildcard core/run/*.c core/cli/*.c))
SYS := core/sys/sys_linux.c
START := core/cli/start.c
CORE := $(PURE) $(filter-out $(START),$(RUN)) $(SYS)
TOOLS := sbx-cg sbx-hook sbx-ns sbx-seccomp
PROGRAMS := $(TOOLS) sbx-box
UNITS := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
FAKE := $(sort $(wildcard tests/fake/*.c))
TARGETS := $(patsubst fuzz/fuzz_%.c,%,$(sort $(wildcard fuzz/fuzz_*.c)))

# A program is its file and those that continue it: sbx-hook.c, sbx-hook-run.c, ...
parts = $(sort $(wildcard cmd/$(1).c cmd/$(1)-*.c))

# ---- how it is compiled ------------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wvla -Walloca -Wformat=2 -Wcast-qual \
	-Wwrite-strings -Wpointer-arith -Wundef -Wswitch-enum $(WERROR)
WARN_GCC := $(WARN) -Wcast-align=strict -Wimplicit-fallthrough=5 -Wnull-dereference -Wlogical-op \
	-Wduplicated-cond -Wduplicated-branches -Wframe-larger-than=8192 -Wbidi-chars=any
BASE := -std=c11 -D_GNU_SOURCE -Icore -Ibuild/gen -ffile-prefix-map=$(CURDIR)=. \
	-fno-strict-aliasing -fno-delete-null-pointer-checks -fno-common
HARDEN := -fPIE -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
	-fsanitize=bounds,shift,signed-integer-overflow,unreachable \
	-fsanitize-undefined-trap-on-error
ASAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
TEST := -Itests/fake -Itests/unit -Ifuzz -DARENA_POISON

# Tables begin where their type wants them to, not at the next cache line.
PACKED := $(if $(filter x86_64%,$(shell uname -m)),-malign-data=abi)

# What is moved out of a loop takes a register and its saving: a hundredth of all code. So does what
# is saved around a call. A jump in place of a last call wants an end of its own for each of them,
# where a call shares the one that its function has: two hundredths.
SMALL := -Oz -fno-move-loop-invariants -fno-caller-saves -fno-optimize-sibling-calls

release_CC := $(MUSL_CC)
release_FLAGS := $(BASE) $(WARN_GCC) $(HARDEN) $(SMALL) $(PACKED)
arm64_CC := $(ARM_MUSL_CC)
arm64_FLAGS := $(BASE) $(WARN_GCC) $(HARDEN) $(SMALL)
debug_CC := $(MUSL_CC)
debug_FLAGS := $(BASE) $(WARN_GCC) $(HARDEN) -Og -g
unit_CC := $(CC)
unit_FLAGS := $(BASE) $(WARN) $(TEST) $(ASAN) -O1 -g
unit-arm64_CC := $(ARM)gcc
unit-arm64_FLAGS := $(BASE) $(WARN) $(TEST) -O2 -g
unit-arm64_AR := $(ARM)ar
cov_CC := $(CC)
cov_FLAGS := $(BASE) $(TEST) --coverage -O0 -g
fuzz_CC := $(CLANG)
fuzz_FLAGS := $(BASE) $(WARN) $(TEST) $(ASAN) -fsanitize=fuzzer-no-link -O1 -g
msan_CC := $(CLANG)
msan_FLAGS := $(BASE) $(WARN) $(TEST) -fsanitize=memory -fsanitize-memory-track-origins=2 \
	-fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g
afl_CC := AFL_QUIET=1 $(AFL_CC)
afl_FLAGS := $(BASE) $(TEST) -O2 -g
cmplog_CC := AFL_QUIET=1 AFL_LLVM_CMPLOG=1 $(AFL_CC)
cmplog_FLAGS := $(afl_FLAGS)
quick_CC := $(CC)
quick_FLAGS := $(BASE) $(WARN) -Itests/unit -O2
analyze_CC := $(MUSL_CC)
analyze_FLAGS := $(BASE) $(WARN_GCC) $(HARDEN) -Oz -fanalyzer
# What reads, compiles and proves a policy at every start is worth some bytes. Each file is here
# because the whole got faster by it: docker's profile takes 100 us instead of 135. Functions and
# loops of theirs begin anywhere, which costs no time and saves a third of the bytes that this is.
HOT := $(addprefix core/,text/json.c spec/calls.c spec/policylex.c plan/provewalk.c plan/dag.c \
	plan/dagbest.c plan/dagtree.c)
HOT_FLAGS := -O2 $(addprefix -falign-,functions=1 loops=1 jumps=1 labels=1) \
	-fno-tree-vectorize -freorder-blocks-algorithm=simple
FLAVOURS := release arm64 debug unit unit-arm64 cov fuzz msan afl cmplog quick analyze

# musl's start files lie where its wrapper says; gcc's own notion of them is another libc's.
musl_lib = $(shell $($(1)_CC) -v -E - </dev/null 2>&1 | \
	sed -n 's,^Reading specs from \(.*\)/musl-gcc.specs$$,\1,p')
comma := ,
linked_at = -static -nostartfiles $(1)/rcrt1.o $(1)/crti.o $(2) $(1)/crtn.o \
	$(addprefix -Wl$(comma),-pie --no-dynamic-linker -z$(comma)text -z$(comma)relro \
	-z$(comma)now -z$(comma)noexecstack -z$(comma)separate-code --gc-sections --build-id=none \
	--fatal-warnings)
LINK = $(call linked_at,$(call musl_lib,$(1)),$(2))

.PHONY: all arm64 debug units units-arm64 cov fuzz msan replay afl cmplog analyze tidy check
all: $(PROGRAMS:%=out/%)
arm64: $(PROGRAMS:%=out/arm64/%)
debug: $(PROGRAMS:%=out/debug/%)
units-arm64: $(UNITS:%=build/unit-arm64/bin/%)
units: $(UNITS:%=build/unit/bin/%)
cov: $(UNITS:%=build/cov/bin/%) $(TARGETS:%=build/cov/bin/replay_%)
fuzz: $(TARGETS:%=build/fuzz/bin/fuzz_%)
replay: $(TARGETS:%=build/fuzz/bin/replay_%)
msan: $(TARGETS:%=build/msan/bin/replay_%)
afl: $(TARGETS:%=build/afl/bin/fuzz_%)
cmplog: $(TARGETS:%=build/cmplog/bin/fuzz_%)
check:
	$(Q)MAKEFLAGS= scripts/check.sh

# Objects, one set a flavour, so that flavours can be built at the same time: the list of headers
# appears whole or not at all. One that came with a warning stays out of date: the warning is seen
# again at the next build, and is an error where WERROR=-Werror.
define objects
build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(Q)$$($(1)_CC) $$($(1)_FLAGS) -MMD -MP -MF $$(@:.o=.new) -c -o $$@ $$< \
		2>$$(@:.o=.said) || { cat $$(@:.o=.said) >&2; exit 1; }
	@mv $$(@:.o=.new) $$(@:.o=.d)
	@if [ -s $$(@:.o=.said) ]; then cat $$(@:.o=.said) >&2; touch -d @0 $$@; fi
endef
$(foreach f,$(FLAVOURS),$(eval $(call objects,$(f))))
# The built-in profiles as one text: without comments, but with every line's number.
PROFILES := $(sort $(wildcard core/spec/profiles/*.policy))
$(foreach f,$(FLAVOURS),build/$(f)/core/spec/profiles.o) build/tidy/core/spec/profiles.ok: \
	build/gen/spec/profiletext.h
build/gen/spec/profiletext.h: $(PROFILES) Makefile
	@mkdir -p $(@D)
	@for f in $(PROFILES); do \
		n=$${f##*/}; printf '%s\0' "$${n%.policy}"; \
		sed 's/#\([^0-9].*\)\{0,1\}$$//; s/[ 	]*$$//; s/^	*//' "$$f"; printf '\0'; \
	done | od -An -v -tu1 | sed -e 's/  */,/g; s/^,/	/; s/$$/,/' \
		-e '1s/^/static const char texts[] = {\n/; $$s/$$/\n	0\n};/' >$@
$(foreach f,release arm64,$(eval \
	$(HOT:%.c=build/$(f)/%.o): $(f)_FLAGS := $$(subst $$(SMALL),$$(HOT_FLAGS),$$($(f)_FLAGS))))
objs = $(patsubst %.c,build/$(1)/%.o,$(2))

# ---- what ships --------------------------------------------------------------------------------

# With symbols and a map of what was linked for those who look into it; what ships is stripped.
# A program alone in its file: the link says which one "program_only" is.
define program
build/$(1)/bin/$(2): $(call objs,$(1),$(3) $(CORE))
	@mkdir -p $$(@D)
	$$(Q)$$($(1)_CC) -o $$@ $$(call LINK,$(1),$$^) -Wl,-Map=$$@.map $(4)
endef
only = -Wl,--defsym=program_only=program_$(1:sbx-%=%)
$(foreach f,release arm64 debug,$(foreach t,$(TOOLS),\
	$(eval $(call program,$(f),$(t),$(call parts,$(t)) $(START),$(call only,$(t)))))\
	$(eval $(call program,$(f),sbx-box,$(foreach t,sbx-box $(TOOLS),$(call parts,$(t))),)))

$(PROGRAMS:%=out/%): out/%: build/release/bin/%
	@mkdir -p $(@D)
	$(Q)strip -s -o $@ $<
$(PROGRAMS:%=out/arm64/%): out/arm64/%: build/arm64/bin/%
	@mkdir -p $(@D)
	$(Q)$(ARM)strip -s -o $@ $<
$(PROGRAMS:%=out/debug/%): out/debug/%: build/debug/bin/%
	@mkdir -p $(@D)
	$(Q)cp $< $@

# ---- what tests --------------------------------------------------------------------------------

# Units and fuzz targets have a kernel of their own: tests/fake stands in for core/sys. They link an
# archive, so that each holds only what it calls.
TESTED := $(PURE) $(filter-out $(START),$(RUN)) $(FAKE)
define archive
build/$(1)/tested.a: $(call objs,$(1),$(TESTED))
	@rm -f $$@
	$$(Q)$(or $($(1)_AR),ar) rcs $$@ $$^
endef
$(foreach f,unit unit-arm64 cov fuzz msan afl cmplog,$(eval $(call archive,$(f))))

# linked FLAVOUR PREFIX SOURCE-PREFIX DRIVER FLAGS: one test program for each source.
define linked
build/$(1)/bin/$(2)%: build/$(1)/$(3)%.o $(call objs,$(1),$(4)) build/$(1)/tested.a
	@mkdir -p $$(@D)
	$$(Q)$$($(1)_CC) $$($(1)_FLAGS) -o $$@ $$^ $(5)
endef
$(eval $(call linked,unit,test_,tests/unit/test_,tests/unit/unit.c,-lcunit))
$(eval $(call linked,unit-arm64,test_,tests/unit/test_,tests/unit/unit.c,-static -lcunit))
$(eval $(call linked,cov,test_,tests/unit/test_,tests/unit/unit.c,-lcunit))
$(eval $(call linked,cov,replay_,fuzz/fuzz_,fuzz/replay.c))
$(eval $(call linked,fuzz,replay_,fuzz/fuzz_,fuzz/replay.c))
$(eval $(call linked,msan,replay_,fuzz/fuzz_,fuzz/replay.c))
$(eval $(call linked,fuzz,fuzz_,fuzz/fuzz_,,-fsanitize=fuzzer))
$(eval $(call linked,afl,fuzz_,fuzz/fuzz_,fuzz/afl_main.c))
$(eval $(call linked,cmplog,fuzz_,fuzz/fuzz_,fuzz/afl_main.c))

# The judge of random policies: pure code only, fast.
build/quick/bin/random: $(call objs,quick,$(PURE) tests/seccomp/random.c)
	@mkdir -p $(@D)
	$(Q)$(quick_CC) $(quick_FLAGS) -o $@ $^

# ---- what is looked at --------------------------------------------------------------------------

SHIPPED := $(CORE) $(START) $(foreach p,$(PROGRAMS),$(call parts,$(p)))
analyze: $(call objs,analyze,$(SHIPPED))
tidy: $(SHIPPED:%.c=build/tidy/%.ok)
build/tidy/%.ok: %.c .clang-tidy $(wildcard core/*/*.h cmd/*.h)
	@mkdir -p $(@D)
	$(Q)clang-tidy-14 --quiet $< -- $(BASE) >$@.said 2>&1 || { cat $@.said >&2; exit 1; }
	@touch $@

.SECONDARY:
-include $(shell find build -path build/vm -prune -o -name '*.d' -print 2>/dev/null)
