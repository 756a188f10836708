/* Keeps the environment from choosing OpenBLAS's kernels.
 *
 * An environment may set OPENBLAS_CORETYPE (Haswell, say), which halves the speed on a processor that can do
 * more.  The library reads it in its constructor, before main, so that unsetenv() comes too late.  Functions
 * in the executable's .preinit_array run before the constructors of all libraries: this one drops OPENBLAS_*
 * from the environment itself.  HOARFROST_BLAS_CORE=X puts OPENBLAS_CORETYPE=X back, for those who mean it.
 *
 * It must be linked into executables directly: the section is ignored in shared libraries, and a static
 * library's member that nobody refers to is left out.  libc is not set up yet when it runs, so it calls
 * nothing. */

/* The place of X in an entry "NAME=X" whose name begins with `start`; NULL when it does not. */
static char *after(char *entry, const char *start) {
  while (*start && *entry == *start) {
    entry++;
    start++;
  }
  return *start ? 0 : entry;
}

static void keep_blas_environment(int argc, char **argv, char **environment) {
  static char core[64] = "OPENBLAS_CORETYPE=";
  char **kept = environment;
  for (char **entry = environment; *entry; entry++) {
    char *wanted = after(*entry, "HOARFROST_BLAS_CORE=");
    if (wanted) {
      unsigned length = sizeof("OPENBLAS_CORETYPE=") - 1;
      while (*wanted && length < sizeof core - 1)
        core[length++] = *wanted++;
      *kept++ = core;
    } else if (!after(*entry, "OPENBLAS_"))
      *kept++ = *entry;
  }
  *kept = 0;
}

__attribute__((section(".preinit_array"),
               used)) static void (*const keep_first)(int, char **, char **) = keep_blas_environment;
