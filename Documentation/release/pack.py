#!/usr/bin/env python3
"""Packs a built lds-check: pack.py PROGRAM FOLDER

Writes a tarball, a Debian package, a wheel, the list of their contents (SPDX 2.3) and SHA256SUMS. The same input gives
the same bytes: every time stamp is SOURCE_DATE_EPOCH, everything is sorted, every owner is root. Python 3.8 or newer,
standard library only.
"""
import base64, gzip, hashlib, io, json, os, re, subprocess, sys, tarfile, time, zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EPOCH = int(os.environ.get('SOURCE_DATE_EPOCH', '0'))
SUMMARY = 'Checks linker scripts, and judges every ASSERT as the linker would'
DESCRIPTION = """lds-check reads linker scripts, the maps of GNU ld, lld, gold and mold, symbol lists, ELF and PE files.
It judges every ASSERT again as the linker would, without linking, and says what each one saw."""

# What is linked into the program besides its own code: name, version, licence, where it comes from.
LINKED = [
    ('swift-stdlib', None, 'Apache-2.0 WITH Swift-exception', 'https://github.com/swiftlang/swift'),
    ('libstdc++', None, 'GPL-3.0-or-later WITH GCC-exception-3.1', 'https://gcc.gnu.org'),
    ('glibc', None, 'LGPL-2.1-or-later', 'https://sourceware.org/glibc/'),
]


def source(name):
    with open(os.path.join(ROOT, name), 'rb') as f: return f.read()


def squeeze(data, level=9):
    """gzip without a name or a time in it."""
    out = io.BytesIO()
    with gzip.GzipFile('', 'wb', level, out, mtime=0) as z: z.write(data)
    return out.getvalue()


def installed(program):
    """What every package installs below /usr or an environment: path, contents, mode."""
    def say(*words):
        return subprocess.run([program] + list(words), check=True, stdout=subprocess.PIPE).stdout
    with open(program, 'rb') as f: binary = f.read()
    return [
        ('bin/lds-check', binary, 0o755),
        ('share/bash-completion/completions/lds-check', say('completion', 'bash'), 0o644),
        ('share/fish/vendor_completions.d/lds-check.fish', say('completion', 'fish'), 0o644),
        ('share/lds-check/lds-check.schema.json', source('samples/lds-check.schema.json'), 0o644),
        ('share/man/man1/lds-check.1.gz', squeeze(say('--man')), 0o644),
        ('share/zsh/vendor-completions/_lds-check', say('completion', 'zsh'), 0o644),
    ] + [('share/lds-check/schemas/' + name, source('Documentation/schemas/' + name), 0o644)
         for name in sorted(os.listdir(os.path.join(ROOT, 'Documentation/schemas')))]


def notice():
    """The licences of what is in the program, as Debian writes it down."""
    text = ('Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n'
            'Upstream-Name: lds-check\n\nFiles: *\nCopyright: the authors of lds-check\nLicense: Apache-2.0\n')
    for name, _, licence, home in LINKED:
        text += ('\nFiles: usr/bin/lds-check\nComment: parts of %s, %s\nLicense: %s\n see /usr/share/common-licenses\n'
                 % (name, home, licence))
    return (text + '\n' + source('LICENSE').decode()).encode()


def tar_of(entries, folder=''):
    """An uncompressed archive of (path, contents, mode), with the folders above them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.GNU_FORMAT) as tar:
        seen = set()
        for path, data, mode in sorted(entries):
            path = folder + path
            parts = path.split('/')
            for depth in range(1, len(parts)):
                above = '/'.join(parts[:depth])
                if above in seen or above == '.': continue
                seen.add(above)
                entry = tarfile.TarInfo(above)
                entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, EPOCH
                entry.uname = entry.gname = 'root'
                tar.addfile(entry)
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode, entry.mtime = len(data), mode, EPOCH
            entry.uname = entry.gname = 'root'
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def tarball(files, version):
    extra = [(n, source(n), 0o644) for n in ('CHANGELOG.md', 'LICENSE', 'README.md')]
    return squeeze(tar_of(files + extra, 'lds-check-%s/' % version))


def debian(files, version):
    inside = [('./usr/' + path, data, mode) for path, data, mode in files]
    inside += [('./usr/share/doc/lds-check/copyright', notice(), 0o644),
               ('./usr/share/doc/lds-check/changelog.gz', squeeze(source('CHANGELOG.md')), 0o644)]
    size = sum((len(data) + 1023) // 1024 for _, data, _ in inside)
    control = ('Package: lds-check\nVersion: %s\nArchitecture: amd64\nSection: devel\nPriority: optional\n'
               'Maintainer: the authors of lds-check <lds-check@localhost>\nInstalled-Size: %d\nDescription: %s\n'
               % (version, size, SUMMARY) + ''.join(' %s\n' % line for line in DESCRIPTION.split('\n')))
    sums = ''.join('%s  %s\n' % (hashlib.md5(data).hexdigest(), path[2:]) for path, data, _ in sorted(inside))
    members = [('debian-binary', b'2.0\n'),
               ('control.tar.gz', squeeze(tar_of([('./control', control.encode(), 0o644), ('./md5sums', sums.encode(), 0o644)]))),
               ('data.tar.gz', squeeze(tar_of(inside)))]
    out = b'!<arch>\n'
    for name, data in members:
        out += b'%-16s%-12d0     0     100644  %-10d`\n' % (name.encode(), EPOCH, len(data)) + data + b'\n' * (len(data) % 2)
    return out


# The program needs no shared library, so any Linux will do; pip wants to hear which C libraries that means.
WHEEL_TAG = 'py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64'


def wheel(files, version):
    name = 'lds_check-%s' % version
    info = name + '.dist-info/'
    metadata = ('Metadata-Version: 2.4\nName: lds-check\nVersion: %s\nSummary: %s\nLicense-Expression: Apache-2.0\n'
                'License-File: LICENSE\nRequires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n'
                % (version, SUMMARY)).encode() + source('README.md')
    tags = ''.join('Tag: py3-none-%s\n' % tag for tag in WHEEL_TAG.split('-')[2].split('.'))
    entries = [('%s.data/%s' % (name, path.replace('bin/', 'scripts/', 1) if path.startswith('bin/') else 'data/' + path),
                data, mode) for path, data, mode in files]
    entries += [(info + 'METADATA', metadata, 0o644),
                (info + 'WHEEL', ('Wheel-Version: 1.0\nGenerator: lds-check\nRoot-Is-Purelib: false\n' + tags).encode(), 0o644),
                (info + 'licenses/LICENSE', source('LICENSE'), 0o644),
                (info + 'licenses/NOTICE', notice(), 0o644)]
    record = ''
    for path, data, _ in sorted(entries):
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()
        record += '%s,sha256=%s,%d\n' % (path, digest, len(data))
    record += info + 'RECORD,,\n'
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        # A zip file knows no time before 1980.
        stamp = time.gmtime(max(EPOCH, 315532800))[:6]
        for path, data, mode in sorted(entries) + [(info + 'RECORD', record.encode(), 0o644)]:
            entry = zipfile.ZipInfo(path, stamp)
            entry.external_attr, entry.compress_type, entry.create_system = (0o100000 | mode) << 16, zipfile.ZIP_DEFLATED, 3
            z.writestr(entry, data)
    return '%s-%s.whl' % (name, WHEEL_TAG), out.getvalue()


def versions():
    """The releases of what is linked in, from the toolchain and the machine that built it."""
    def first(pattern, *command):
        try:
            text = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode(errors='replace')
        except OSError:
            return None
        found = re.search(pattern, text)
        return found[1] if found else None
    return {'swift-stdlib': first(r'Swift version (\S+)', 'swift', '--version'),
            'libstdc++': first(r'(\d+(\.\d+)*)', 'gcc', '-dumpfullversion'),
            'glibc': first(r'(\d+\.\d+)\s*$', 'getconf', 'GNU_LIBC_VERSION')}


def listing(files, version, made):
    """SPDX 2.3: the program, what is linked into it, and each file of a package."""
    def package(name, release, licence, home, **more):
        return dict({'SPDXID': 'SPDXRef-' + re.sub(r'[^A-Za-z0-9]', '-', name), 'name': name, 'versionInfo': release or 'unknown',
                     'downloadLocation': home, 'licenseConcluded': licence, 'licenseDeclared': licence,
                     'copyrightText': 'NOASSERTION', 'filesAnalyzed': False}, **more)
    known = versions()
    packages = [package('lds-check', version, 'Apache-2.0', 'NOASSERTION', primaryPackagePurpose='APPLICATION')]
    packages += [package(name, known.get(name), licence, home) for name, _, licence, home in LINKED]
    entries = [{'SPDXID': 'SPDXRef-File-%d' % i, 'fileName': './' + path, 'licenseConcluded': 'NOASSERTION',
                'copyrightText': 'NOASSERTION', 'checksums': [
                    {'algorithm': 'SHA1', 'checksumValue': hashlib.sha1(data).hexdigest()},
                    {'algorithm': 'SHA256', 'checksumValue': hashlib.sha256(data).hexdigest()}]}
               for i, (path, data, _) in enumerate(files)]
    relations = [('SPDXRef-DOCUMENT', 'DESCRIBES', packages[0]['SPDXID'])]
    relations += [(packages[0]['SPDXID'], 'CONTAINS', e['SPDXID']) for e in entries]
    relations += [('SPDXRef-File-0', 'STATIC_LINK', p['SPDXID']) for p in packages[1:]]
    digest = hashlib.sha256(''.join(e['checksums'][1]['checksumValue'] for e in entries).encode()).hexdigest()
    document = {'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT',
                'name': 'lds-check-%s' % version, 'documentNamespace': 'https://spdx.org/spdxdocs/lds-check-%s-%s' % (version, digest),
                'creationInfo': {'created': made, 'creators': ['Tool: lds-check-pack']},
                'packages': packages, 'files': entries,
                'relationships': [{'spdxElementId': a, 'relationshipType': r, 'relatedSpdxElement': b} for a, r, b in relations]}
    return (json.dumps(document, indent=1) + '\n').encode()


def main(program, folder):
    version = re.search(r'number = "([^"]+)"', source('Sources/lds-check/Program/Version.swift').decode())[1]
    said = subprocess.run([program, '--version'], check=True, stdout=subprocess.PIPE).stdout.decode().split()[-1]
    if said != version: sys.exit('pack.py: %s is version %s, the sources are %s' % (program, said, version))
    files = installed(os.path.abspath(program))
    made = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(EPOCH))
    wheel_name, wheel_data = wheel(files, version)
    packages = {
        'lds-check-%s-linux-x86_64.tar.gz' % version: tarball(files, version),
        'lds-check_%s_amd64.deb' % version: debian(files, version),
        wheel_name: wheel_data,
        'lds-check-%s.spdx.json' % version: listing(files, version, made),
    }
    sums = ''.join('%s  %s\n' % (hashlib.sha256(packages[n]).hexdigest(), n) for n in sorted(packages))
    for name, data in list(packages.items()) + [('SHA256SUMS', sums.encode())]:
        with open(os.path.join(folder, name), 'wb') as f: f.write(data)


if __name__ == '__main__':
    if len(sys.argv) != 3: sys.exit(__doc__)
    main(*sys.argv[1:])
