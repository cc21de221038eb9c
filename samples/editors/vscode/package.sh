#!/bin/sh
# Packs the extension as lds-check.vsix in the folder it is called from. Needs zip, and no network.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$PWD/lds-check.vsix
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/extension/syntaxes"
for file in package.json language-configuration.json extension.js syntaxes/ld.tmLanguage.json; do
  cp "$here/$file" "$work/extension/$file"
done
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$here/package.json")
cat > "$work/[Content_Types].xml" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension=".json" ContentType="application/json"/><Default Extension=".js" ContentType="application/javascript"/><Default Extension=".vsixmanifest" ContentType="text/xml"/></Types>
XML
cat > "$work/extension.vsixmanifest" <<XML
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="lds-check" Version="$version" Publisher="lds-check"/>
    <DisplayName>lds-check</DisplayName>
    <Description xml:space="preserve">Linker scripts: verdicts on ASSERTs, addresses, definitions, formatting</Description>
    <Categories>Programming Languages,Linters,Formatters</Categories>
    <Properties><Property Id="Microsoft.VisualStudio.Code.Engine" Value="^1.75.0"/></Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/></Assets>
</PackageManifest>
XML
rm -f "$target"
(cd "$work" && zip -q -r -X "$target" '[Content_Types].xml' extension.vsixmanifest extension)
echo "$target"
