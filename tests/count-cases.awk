# Counts TAP cases in meson's testlog.txt files.  A program that ends before its plan is done fails in all the cases that
# are missing; one that ends badly after all of them fails in one.

function close_program() {
  if (program == "")
    return
  if (planned > seen)
    failed += planned - seen
  else if ((result != "exit status 0" && !bad) || !planned)
    failed++
  program = ""
}

FNR == 1 || /^=+ +[0-9]+\/[0-9]+ =+$/ { close_program() }
/^test: / { program = $NF; planned = seen = bad = 0; result = "" }
program == "" { next }
/^result: / { result = $0; sub(/^result: +/, "", result); gsub(/[()]/, "", result) }
/^1\.\.[0-9]+/ { planned += substr($1, 4) }
/^not ok / { seen++; bad++; failed++; next }
/^ok .*# SKIP/ {
  seen++
  skipped++
  reason = $0
  sub(/^ok [0-9]+ /, "", reason)
  sub(/ # SKIP/, ":", reason)
  if (!(reason in told)) {
    told[reason] = 1
    reasons[++n] = program " " reason
  }
  next
}
/^ok / { seen++; passed++ }

END {
  close_program()
  if (n)
    print "Skipped:"
  for (i = 1; i <= n; i++)
    print "  " reasons[i]
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit failed > 0 || passed == 0
}
