#!/usr/bin/env python3
"""The museum: linker-script failures that happened to somebody, each as a minimal case.

A case is a folder NN-name/ with case.json and its inputs. For each one this program copies the folder to a
temporary place, builds it with the real tools, lets the case prove itself (truth), and then asks lds-check
(expect). README.md describes case.json. Python 3.8 or newer, standard library only.
"""
import argparse, concurrent.futures, fnmatch, glob, json, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))

# Cases that lds-check does not pass yet, each with what it waits for, and with which linkers if not with all. The list
# can only shrink: a case on it that passes with the linkers of REFERENCE is a failure, too, until it is taken off.
EXPECTED = os.path.join(HERE, 'expected-failures.tsv')

# The linkers that the cases were written with. With another one a truth need not hold; such a case is skipped.
REFERENCE = {'ld': (2, 40), 'lld': (21, 0)}

# What a truth command may use besides the tools: numbers out of the files that the build made.
SHELL = r'''
sym()   { {nm} "$1" | awk -v n="$2" '$NF == n { print "0x" $1; exit }'; }           # sym FILE NAME: its value
secrow(){ {objdump} -h -w "$1" | awk -v n="$2" '$2 == n { print; exit }'; }
size()  { set -- $(secrow "$1" "$2"); echo "0x$3"; }                                # size FILE SECTION
vma()   { set -- $(secrow "$1" "$2"); echo "0x$4"; }                                # vma FILE SECTION
lma()   { set -- $(secrow "$1" "$2"); echo "0x$5"; }                                # lma FILE SECTION
has()   { [ -n "$(secrow "$1" "$2")" ]; }                                           # has FILE SECTION
bytes() { wc -c <"$1"; }                                                            # bytes FILE: its length
load()  { {readelf} -lW "$1" | awk -v n="$2" -v f="$3" '$1 == "LOAD" && ++i == n { print $(f=="vaddr"?3:f=="paddr"?4:f=="filesz"?5:6) }'; }
eq()    { [ $(( $1 )) -eq $(( $2 )) ] || { echo "$(printf "%#x is not %#x" $(( $1 )) $(( $2 )))"; return 1; }; }
ne()    { [ $(( $1 )) -ne $(( $2 )) ] || { echo "$(printf "both are %#x" $(( $1 )))"; return 1; }; }
lt()    { [ $(( $1 )) -lt $(( $2 )) ] || { echo "$(printf "%#x is not below %#x" $(( $1 )) $(( $2 )))"; return 1; }; }
says()  { grep -qE -- "$1" "$2" || { echo "'$1' is not in $2"; return 1; }; }       # says REGEX FILE
mute()  { if grep -E -- "$1" "$2"; then echo "'$1' is in $2"; return 1; fi; }       # mute REGEX FILE: no such line
refuses() { "$@" >refused.log 2>&1; local r=$?; [ $r -ge 1 ] && [ $r -le 2 ] || { echo "exit $r: $*"; return 1; }; }
'''

class Skip(Exception): pass


def version(path):
    """The version of a linker as (major, minor), or None."""
    try:
        out = subprocess.run([path, '--version'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    line = out.decode(errors='replace').split('\n')[0]
    m = re.search(r'LLD (\d+)\.(\d+)', line) or re.search(r'GNU ld.*?(\d+)\.(\d+)', line)
    return (int(m[1]), int(m[2])) if m else None


def compare(version, op, want):
    return {'>=': version >= want, '<': version < want, '=': version == want}[op]


class Tools:
    """Puts programs in the place of {as} {ld} {lld} {objcopy} ... and of {ld>=2.43} {lld<21}."""
    def __init__(self, args):
        self.own = {'ld': args.ld or os.environ.get('LDS_LD'), 'lld': args.lld or os.environ.get('LDS_LLD')}
        self.seen = {}

    def candidates(self, name):
        if name not in self.seen:
            pats = ['ld.bfd', 'ld', 'ld-*', 'ld.bfd-*'] if name == 'ld' else ['ld.lld', 'lld-*', 'ld.lld-*']
            paths = [self.own[name]] if self.own[name] else []
            for pat in pats:
                for d in os.environ.get('PATH', '').split(os.pathsep):
                    paths += sorted(glob.glob(os.path.join(d or '.', pat)))
            found, done = [], set()
            for p in paths:
                real = os.path.realpath(p)
                if real in done or not os.access(p, os.X_OK): continue
                done.add(real)
                v = version(p)
                if v and (v >= (10, 0)) == (name == 'lld'): found.append((v, p))
            self.seen[name] = found
        return self.seen[name]

    def linker(self, name, op, want):
        if not op:
            if self.candidates(name): return self.candidates(name)[0][1]
            raise Skip('no ' + name)
        for v, p in self.candidates(name):
            if compare(v, op, want): return p
        raise Skip('no %s%s%s' % (name, op, '.'.join(map(str, want))))

    def others(self, names=('ld', 'lld')):
        """The linkers that are not those that the cases were written with."""
        have = [(name, self.candidates(name)[0][0]) for name in names if self.candidates(name)]
        return ['%s %d.%d' % ((name,) + v) for name, v in have if v != REFERENCE[name]]

    def fits(self, condition):
        """Whether the linker that would be called is ld>=2.43, lld<21."""
        m = re.fullmatch(r'(ld|lld)(>=|<|=)(\d+)(?:\.(\d+))?', condition)
        if not m: raise SystemExit('%s: what is %s?' % (EXPECTED, condition))
        have = self.candidates(m[1])
        return bool(have) and compare(have[0][0], m[2], (int(m[3]), int(m[4] or 0)))

    def fill(self, text):
        def one(m):
            name, op, ver = m[1], m[2], m[3]
            if name in ('ld', 'lld'):
                want = tuple(int(x) for x in (ver.split('.') + ['0'])[:2]) if ver else None
                return self.linker(name, op, want)
            p = shutil.which(name)
            if not p: raise Skip('no ' + name)
            return p
        return re.sub(r'\{([a-z][a-z0-9_-]*)(?:(>=|<|=)([0-9.]+))?\}', one, text)


def bash(text, cwd, timeout=120):
    env = dict(os.environ, LC_ALL='C')
    p = subprocess.run(['bash', '-c', text], cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=timeout)
    return p.returncode, p.stdout.decode(errors='replace')


def lookup(tree, path):
    """a.b[0].c and a[key=regex].c in a JSON tree; a list of all values that fit."""
    at = [tree]
    for part in re.findall(r'[^.\[\]]+|\[[^\]]*\]', path):
        nxt = []
        for x in at:
            if part.startswith('['):
                inner = part[1:-1]
                if not isinstance(x, list): continue
                if re.fullmatch(r'\d+', inner): nxt += x[int(inner):int(inner) + 1]
                elif inner == '*': nxt += x
                else:
                    k, _, rx = inner.partition('=')
                    nxt += [y for y in x if isinstance(y, dict) and re.search(rx, str(y.get(k, '')))]
            elif isinstance(x, dict) and part in x: nxt.append(x[part])
        at = nxt
    return at


def findings(tree):
    """The findings of lint or eval as text: severity, message, place, and the same of each note; no excerpt of a file."""
    def one(f): return '%s:%s: %s %s' % (f.get('file'), f.get('line'), f.get('severity', 'note'), f.get('message'))
    found = tree.get('findings', []) if isinstance(tree, dict) else []
    return ['\n'.join([one(f)] + [one(n) for n in f.get('notes') or []]) for f in found]


def judge(exp, tool, cwd, verbose):
    """Runs lds-check once; the list of what is not as it should be."""
    for name in exp.get('remove', []):
        if os.path.exists(os.path.join(cwd, name)): os.remove(os.path.join(cwd, name))
    stdin = open(os.path.join(cwd, exp['stdin']), 'rb') if 'stdin' in exp else subprocess.DEVNULL
    limit = exp.get('seconds', 20)
    try:
        p = subprocess.run([tool] + exp['run'], cwd=os.path.join(cwd, exp.get('cwd', '.')), stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=limit, env=dict(os.environ, LC_ALL='C', NO_COLOR='1'))
    except subprocess.TimeoutExpired:
        return ['still running after %d s' % limit]
    finally:
        if stdin != subprocess.DEVNULL: stdin.close()
    out, err = p.stdout.decode(errors='replace'), p.stderr.decode(errors='replace')
    text, bad = out + err, []
    if verbose:
        print('    $ lds-check ' + ' '.join(exp['run']))
        print(''.join('      ' + l + '\n' for l in text.splitlines()) + '      [exit %d]' % p.returncode)
    want = exp.get('exit')
    want = [0, 1] if want is None else want if isinstance(want, list) else [want]
    if p.returncode not in want: bad.append('exit %d, not %s' % (p.returncode, ' or '.join(map(str, want))))
    flags, tree, blocks = re.I | re.M, None, []
    if 'json' in exp or ('json' in exp['run'] and '--format' in exp['run']):
        try: tree = json.loads(out)
        except ValueError: bad.append('no JSON on standard output')
        blocks = findings(tree)
    for rx in exp.get('all_of', []):
        if not re.search(rx, text, flags): bad.append('does not say /%s/' % rx)
    for rx in exp.get('none_of', []):
        m = re.search(rx, text, flags)
        if m: bad.append('says /%s/: %s' % (rx, m[0].strip()[:120]))
    for rx in exp.get('findings_say', []):
        if not any(re.search(rx, b, flags) for b in blocks): bad.append('no finding says /%s/' % rx)
    if 'no_alarm' in exp:
        lines = blocks if tree is not None else [l for l in text.splitlines() if not re.match(r'\s*\d+ (error|warning)', l)]
        for b in lines:
            if re.search(r'\b(error|warning)\b', b.split('\n')[0], re.I) and re.search(exp['no_alarm'], b, re.I):
                bad.append('alarm: ' + b.strip().split('\n')[0][:140])
    for path, value in exp.get('json', {}).items() if tree is not None else ():
        got = lookup(tree, path)
        ok = [value] if not isinstance(value, list) else value
        if not got or any(g not in ok for g in got): bad.append('%s is %s, not %s' % (path, got or 'missing', ok))
    for name in exp.get('absent', []):
        if os.path.exists(os.path.join(cwd, name)): bad.append('made a file %s' % name)
    return bad


def expected_failures(tools):
    """What the cases that need not pass wait for, by folder."""
    try:
        with open(EXPECTED) as f: lines = f.read().splitlines()
    except OSError:
        return {}
    rows = [l.split('\t') for l in lines if l and not l.startswith('#')]
    return {r[0]: ' '.join(r[1:]) for r in rows if len(r) < 3 or tools.fits(r[2])}


def take_off(names):
    with open(EXPECTED) as f: lines = f.readlines()
    with open(EXPECTED, 'w') as f: f.writelines(l for l in lines if l.split('\t')[0] not in names)


def run_case(folder, tools, args):
    with open(os.path.join(folder, 'case.json')) as f: case = json.load(f)
    tmp = tempfile.mkdtemp(prefix='museum-')
    work = os.path.join(tmp, 'w')
    problems, truth_bad = [], []
    try:
        shutil.copytree(folder, work)
        build = [tools.fill(c) for c in case.get('build', [])]
        shell = tools.fill(SHELL)
        for c in build + case.get('needs', []):
            for word in re.findall(r'(?:^|[;&|(!]\s*)([A-Za-z0-9_.+-]+)', c)[:1] if c in build else [c]:
                if word not in ('printf', 'echo', 'cp', 'for', 'cat', 'sed', 'test', 'cd', 'true', 'mkdir', 'grep', 'rm', 'head') \
                   and '/' not in word and not shutil.which(word): raise Skip('no ' + word)
        for c in build:
            rc, out = bash(c, work)
            if args.verbose > 1: print('    $ %s\n%s' % (c, out), end='')
            if rc: truth_bad.append('build: exit %d: %s\n%s' % (rc, c, out[:400])); break
        if not truth_bad:
            for c in case.get('truth', []):
                rc, out = bash(shell + tools.fill(c), work)
                if rc: truth_bad.append('not so: %s  (%s)' % (c, out.strip()[:200]))
        if not truth_bad and not args.truth:
            for exp in case.get('expect', []):
                bad = judge(exp, args.tool, work, args.verbose)
                problems += ['lds-check %s: %s' % (' '.join(exp['run']), b) for b in bad]
    except Skip as s:
        return case, 'skipped', [str(s)]
    except subprocess.TimeoutExpired:
        truth_bad.append('the build takes more than two minutes')
    finally:
        if args.keep: print('    left in ' + work)
        else: shutil.rmtree(tmp, ignore_errors=True)
    if truth_bad:
        others = tools.others(re.findall(r'\{(ld|lld)\}', '\n'.join(case.get('build', []) + case.get('truth', []))))
        if others and not args.truth: return case, 'skipped', ['does not hold with ' + ', '.join(others)]
        return case, 'untrue', truth_bad
    return case, 'failed' if problems else 'passed', problems


def main():
    ap = argparse.ArgumentParser(description='Builds the cases of the museum and asks lds-check about them.')
    ap.add_argument('--tool', default='lds-check', metavar='PATH', help='the lds-check to ask (default: the one in the PATH)')
    ap.add_argument('--only', action='append', metavar='GLOB', help='only cases whose folder, kind or fault fits; may be repeated')
    ap.add_argument('--cases', action='append', metavar='DIR', help='where the case folders are (default: here); may be repeated')
    ap.add_argument('--ld', metavar='PATH', help='the GNU ld that {ld} stands for (default: LDS_LD, else the first in the PATH)')
    ap.add_argument('--lld', metavar='PATH', help='the ld.lld that {lld} stands for (default: LDS_LLD, else the first in the PATH)')
    ap.add_argument('--truth', action='store_true', help='build and prove the cases only, do not ask lds-check')
    ap.add_argument('--list', action='store_true', help='list the cases')
    ap.add_argument('--jobs', type=int, default=os.cpu_count(), metavar='N', help='cases that run at the same time')
    ap.add_argument('--shrink', action='store_true', help='take cases that pass off expected-failures.tsv')
    ap.add_argument('--keep', action='store_true', help='leave the temporary folders')
    ap.add_argument('-v', '--verbose', action='count', default=0, help='show what lds-check prints; twice: the builds, too')
    args = ap.parse_args()
    for k in ('tool', 'ld', 'lld'):
        v = getattr(args, k)
        if v and os.path.sep in v: setattr(args, k, os.path.abspath(v))
    if not args.list and not args.truth and not shutil.which(args.tool): ap.error('no program %s' % args.tool)
    tools = Tools(args)
    folders = sorted(os.path.dirname(p) for d in args.cases or [HERE] for p in glob.glob(os.path.join(d, '*', 'case.json')))
    expected = {} if args.cases or args.truth else expected_failures(tools)
    lost = [n for n in expected if not os.path.exists(os.path.join(HERE, n, 'case.json'))]
    if lost: ap.error('%s names no case: %s' % (EXPECTED, ', '.join(lost)))
    chosen = []
    for folder in folders:
        name = os.path.basename(folder)
        with open(os.path.join(folder, 'case.json')) as f: head = json.load(f)
        if args.only and not any(fnmatch.fnmatch(x, g) for g in args.only for x in (name, head['kind'], head.get('fault', ''))): continue
        if args.list: print('%-38s %-14s %s' % (name, head['kind'], head['title']))
        chosen.append(folder)
    if args.list: return 0
    # What a verbose run prints belongs together.
    jobs = 1 if args.verbose or args.keep else max(1, args.jobs)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda folder: run_case(folder, tools, args), chosen)
        return report(results, chosen, expected, tools.others() == [], args)


RESULTS = ('passed', 'failed', 'expected', 'skipped', 'untrue')


def report(results, folders, expected, is_reference, args):
    rows, count, done = {}, dict.fromkeys(RESULTS, 0), []
    for folder, (case, result, problems) in zip(folders, results):
        name = os.path.basename(folder)
        if result == 'failed' and name in expected: result, problems = 'expected', [expected[name]]
        if result == 'passed' and name in expected and is_reference: done.append(name)
        count[result] += 1
        rows.setdefault(case['kind'], dict.fromkeys(RESULTS, 0))[result] += 1
        print('%-8s  %-38s %s' % (result, name, problems[0] if result in ('skipped', 'expected') else ''))
        if result in ('failed', 'untrue'):
            for p in problems: print('          ' + p)
        sys.stdout.flush()
    print('\n%-15s %7s %7s %8s %8s' % ('kind', 'passed', 'failed', 'expected', 'skipped'))
    for kind in sorted(rows):
        r = rows[kind]
        print('%-15s %7d %7d %8d %8d' % (kind, r['passed'], r['failed'] + r['untrue'], r['expected'], r['skipped']))
    if count['untrue']: print('\n%d of the failed are cases whose own truth does not hold with these tools' % count['untrue'])
    bad = count['failed'] + count['untrue']
    print('\n%d passed, %d failed, %d expected to fail, %d skipped' % (count['passed'], bad, count['expected'], count['skipped']))
    if done and args.shrink: take_off(done)
    elif done:
        print('%d pass that were expected to fail; take them off (--shrink):\n  %s' % (len(done), '\n  '.join(done)))
        bad += len(done)
    return 1 if bad else 0


if __name__ == '__main__':
    try: sys.exit(main())
    except BrokenPipeError: os._exit(1)
    except KeyboardInterrupt: sys.exit(130)
