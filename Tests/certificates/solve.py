#!/usr/bin/env python3
"""Asks a solver whether the goals of `lds-check lint --smt` hold: solve.py GOALS...

The program `z3` is asked, or the module of `pip install z3-solver`; without either the exit status is 77. A goal that is
not `unsat` is printed with the statement of its ASSERT: exit status 1."""
import shutil
import subprocess
import sys


def solver():
    """A function from a file of goals to the solver's answer, None where there is no solver."""
    if shutil.which("z3"):
        return lambda path: subprocess.run(["z3", path], capture_output=True, text=True).stdout
    try:
        import z3
    except ImportError:
        return None

    def ask(path):
        with open(path, encoding="utf-8") as file:
            context = z3.Context()
            return z3.Z3_eval_smtlib2_string(context.ref(), file.read())
    return ask


def main(paths):
    ask = solver()
    if ask is None:
        print("no solver: neither z3 nor its Python module is installed")
        return 77
    open_goals = confirmed = goals = 0
    for path in paths:
        script = goal = "?"
        with open(path, encoding="utf-8") as file:
            goals += sum(line == "(check-sat)\n" for line in file)
        for line in ask(path).splitlines():
            if line == "unsat":
                confirmed += 1
            elif line in ("sat", "unknown", "timeout") or line.startswith("(error"):
                print("%s: statement %s: %s" % (script, goal, line))
                open_goals += 1
            elif line.endswith("-holds"):
                goal = line
            else:
                script = line
    print("%d of %d goals confirmed" % (confirmed, goals))
    return 0 if confirmed == goals and not open_goals else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
