import { posix } from "node:path";
import picomatch from "picomatch";
import type { ResolvedCorpusConfig } from "../corpus-config";
import type { ListedFile } from "../listing/list-git";

export interface Reject {
  readonly rule: string;
  readonly reason: string;
}

const lockNames = new Set(
  (
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock cargo.lock gemfile.lock poetry.lock pipfile.lock pdm.lock uv.lock " +
    "composer.lock go.sum go.work.sum gopkg.lock glide.lock mix.lock pubspec.lock podfile.lock cartfile.resolved package.resolved packages.lock.json project.assets.json " +
    "flake.lock gradle.lockfile buildscript-gradle.lockfile conan.lock vcpkg-lock.json paket.lock .terraform.lock.hcl module.bazel.lock cabal.project.freeze stack.yaml.lock " +
    "conda-lock.yml pixi.lock shard.lock elm-stuff rebar.lock berksfile.lock chart.lock requirements.lock manifest.toml.lock opam.locked"
  ).split(" "),
);

const licenceName =
  /^(licen[cs]es?|copying|copyright|unlicense|patents|notice|third[-_]?party[-_]?(notices?|licen[cs]es?))([-_.](md|txt|rst|html|lesser|lib|mit|apache|apache-?2(\.0)?|bsd|gpl|lgpl|mpl|in))*$/i;

const vendoredPath =
  /(^|\/)(node_modules|bower_components|jspm_packages|vendors?|_vendor|third[-_]?party|3rd[-_]?party|godeps\/_workspace|pods|carthage\/(build|checkouts)|\.yarn\/(releases|plugins|sdks|cache)|site-packages|dist-packages|\.mvn\/wrapper|gradle\/wrapper)\//i;
const vendoredName =
  /(^|\/)(jquery([-.]\d[^/]*)?(\.slim)?\.js|jquery[-.]ui[^/]*\.(js|css)|bootstrap([-.]\d[^/]*)?\.(js|css)|modernizr[^/]*\.js|d3(\.v\d+)?\.js|gradlew(\.bat)?|mvnw(\.cmd)?|config\.(guess|sub)|install-sh|ltmain\.sh|depcomp|libtool\.m4|lt(options|sugar|version|~obsolete)\.m4|pkg\.m4|mkinstalldirs)$/i;

const generatedPath =
  /(^|\/)(__snapshots__\/.*|__generated__\/.*|zz_generated\.[^/]*|[^/]*\.(pb|pb\.gw|pb\.validate|twirp|connect|gen|gen\.deepcopy)\.go|[^/]*_(pb2|pb2_grpc)\.pyi?|[^/]*_pb\.(js|ts|d\.ts)|[^/]*\.pb\.(cc|h|c)|[^/]*\.(g|freezed|gr|config)\.dart|[^/]*\.designer\.(cs|vb)|[^/]*\.(generated|g)\.(cs|ts|js|go|py|rs|swift|kt)|[^/]*[._-]generated\.[^/.]+|[^/]*\.snap|project\.pbxproj|[^/]*\.(css|[cm]?js|[cm]?ts)\.map|[^/]*\.(tsbuildinfo|lcov)|aclocal\.m4|makefile\.in|config\.h\.in|yarn-error\.log)$/i;
const minifiedName = /[.-](min|bundle|pack|prod)\.(js|mjs|cjs|css)$/i;

const binaryExtensions = new Set(
  (
    "png jpg jpeg gif bmp ico icns webp avif tif tiff psd heic svgz pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi " +
    "zip gz tgz bz2 xz zst lz4 lzma 7z rar tar jar war ear whl egg deb rpm apk ipa dmg iso img nupkg crx vsix gem cab msi " +
    "exe dll so dylib obj lib pdb class pyc pyo wasm bin elf syso ko node swo swp " +
    "mp3 mp4 m4a m4v wav flac ogg oga ogv webm avi mov mkv wmv aac mid midi " +
    "ttf otf woff woff2 eot fon pfb " +
    "sqlite sqlite3 db db3 mdb parquet arrow feather avro orc h5 hdf5 npy npz pkl pickle joblib pt pth ckpt safetensors onnx tflite gguf ggml pb tfrecord mo " +
    "p12 pfx jks keystore der cer crt crl p7b gpg pgp kdbx " +
    "blend fbx glb stl dwg dxf unitypackage"
  ).split(" "),
);
const keyFile = /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|ppk|asc\.key|keytab))$/i;

/** Rules that need only the path and its attributes: what they reject is never read. */
export interface PathRules {
  reject(file: ListedFile): Reject | undefined;
  /** True when corpus.include overrides every rule that judges what a file is. */
  isForced(path: string): boolean;
}

/**
 * Path rules of a configuration, in order of authority: the configuration, git attributes, then names.
 * An attribute that is switched off (`-linguist-vendored`) switches the matching name rule off too.
 */
export function makePathRules(config: ResolvedCorpusConfig): PathRules {
  const options = { dot: true, nonegate: true };
  const isForced = config.include.length === 0 ? () => false : picomatch([...config.include], options);
  const isExcluded = config.exclude.length === 0 ? () => false : picomatch([...config.exclude], options);
  return {
    isForced: (path) => isForced(path),
    reject: (file) => {
      if (file.path.startsWith(".midtrain/")) return { rule: "excluded", reason: "Midtrain's own files are not learned from." };
      if (isExcluded(file.path)) return { rule: "excluded", reason: "A glob of corpus.exclude matches the path." };
      if (file.index?.unmerged) return { rule: "unmerged", reason: "The file has an unresolved merge conflict." };
      return isForced(file.path) ? undefined : (rejectByAttributes(file) ?? rejectByName(file));
    },
  };
}

function rejectByAttributes({ attributes }: ListedFile): Reject | undefined {
  if (attributes.generated === "set") return { rule: "attribute-generated", reason: "The attribute linguist-generated is set." };
  if (attributes.vendored === "set") return { rule: "attribute-vendored", reason: "The attribute linguist-vendored is set." };
  if (attributes.binary === "set") return { rule: "attribute-binary", reason: "The attribute binary is set." };
  return undefined;
}

function rejectByName({ path, attributes }: ListedFile): Reject | undefined {
  const name = posix.basename(path);
  if (attributes.generated !== "unset" && lockNames.has(name.toLowerCase()))
    return { rule: "lock-file", reason: "Lock files are written by a package manager." };
  if (attributes.vendored !== "unset" && (vendoredPath.test(path) || vendoredName.test(path))) {
    return { rule: "vendored", reason: "The path says that the file was copied from elsewhere." };
  }
  if (attributes.generated !== "unset" && generatedPath.test(path))
    return { rule: "generated", reason: "The name says that a program wrote the file." };
  if (attributes.generated !== "unset" && minifiedName.test(name))
    return { rule: "minified", reason: "The name says that the file is minified or bundled." };
  if (licenceName.test(name) || /(^|\/)licenses\/[^/]+$/i.test(path))
    return { rule: "licence-text", reason: "Licence texts say nothing about this repository." };
  if (keyFile.test(path)) return { rule: "key-file", reason: "Files with this name hold keys." };
  if (binaryExtensions.has(extensionOf(name))) return { rule: "binary", reason: "Files with this ending are not text." };
  return undefined;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}
