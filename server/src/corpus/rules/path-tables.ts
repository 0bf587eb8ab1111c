/** Names that say what a file is, beside those of Linguist (linguist-paths.ts). Ours stay where they are narrower or know more. */
export const lockNames = new Set(
  (
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock cargo.lock gemfile.lock poetry.lock pipfile.lock pdm.lock uv.lock " +
    "composer.lock go.sum go.work.sum gopkg.lock glide.lock mix.lock pubspec.lock podfile.lock cartfile.resolved package.resolved packages.lock.json project.assets.json " +
    "flake.lock gradle.lockfile buildscript-gradle.lockfile conan.lock vcpkg-lock.json paket.lock .terraform.lock.hcl module.bazel.lock cabal.project.freeze stack.yaml.lock " +
    "conda-lock.yml pixi.lock shard.lock elm-stuff rebar.lock berksfile.lock chart.lock requirements.lock manifest.toml.lock opam.locked"
  ).split(" "),
);

export const licenceName =
  /^(licen[cs]es?|copying|copyright|unlicense|patents|notice|third[-_]?party[-_]?(notices?|licen[cs]es?))([-_.](md|txt|rst|html|lesser|lib|third[-_]?party|mit|apache|apache-?2(\.0)?|bsd|gpl|lgpl|mpl|in))*$/i;

/** `MIT-LICENSE.txt`, `PYGMENTS_LICENSE`: in capitals only, so that a document about licences stays. */
export const foreignLicenceName = /^[\w.+-]+[-_.](?:LICEN[CS]ES?|COPYING|NOTICE)(?:\.(?:txt|md))?$/;

export const vendoredPath =
  /(^|\/)(node_modules|bower_components|jspm_packages|[Vv]endors?|VENDOR|_vendor|[Tt]hird[-_]?[Pp]arty|3rd[-_]?[Pp]arty|Godeps\/_workspace|Pods|Carthage\/(Build|Checkouts)|\.yarn\/(releases|plugins|sdks|cache)|site-packages|dist-packages|\.mvn\/wrapper|gradle\/wrapper)\//;
/** Only names that nobody gives to a file of their own; other names of libraries need the banner of a release. */
export const vendoredName =
  /(^|\/)(jquery([-.]\d[^/]*)?(\.slim)?\.js|jquery[-.]ui([-.]\d[^/]*)?\.(js|css)|bootstrap[-.]\d[^/]*\.(js|css)|modernizr[-.]\d[^/]*\.js|d3(\.v\d+)?\.js|gradlew(\.bat)?|mvnw(\.cmd)?|config\.(guess|sub)|install-sh|ltmain\.sh|depcomp|libtool\.m4|lt(options|sugar|version|~obsolete)\.m4|pkg\.m4|mkinstalldirs)$/i;

export const generatedPath =
  /(^|\/)(__snapshots__\/.*|__generated__\/.*|zz_generated\.[^/]*|[^/]*\.(pb|pb\.gw|pb\.validate|twirp|connect|gen|gen\.deepcopy)\.go|[^/]*_(pb2|pb2_grpc)\.pyi?|[^/]*_pb\.(js|ts|d\.ts)|[^/]*\.pb\.(cc|h|c)|[^/]*\.(g|freezed|gr)\.dart|[^/]*\.designer\.(cs|vb)|[^/]*\.(generated|g)\.(cs|ts|js|go|py|rs|swift|kt)|[^/]*\.generated\.[^/.]+|[^/]*\.snap|project\.pbxproj|[^/]*\.(css|[cm]?js|[cm]?ts)\.map|[^/]*\.(tsbuildinfo|lcov)|aclocal\.m4|yarn-error\.log)$/i;
export const minifiedName = /[.-]min\.(js|mjs|cjs|css)$/i;

/** Endings of files that are never text; those that are sometimes text (doc, obj, bin, db) are read, and a NUL decides. */
export const binaryExtensions = new Set(
  (
    "png jpg jpeg gif bmp ico icns webp avif tif tiff psd heic svgz pdf docx xls xlsx ppt pptx odt ods odp rtf epub mobi " +
    "zip gz tgz bz2 xz zst lz4 lzma 7z rar tar jar war ear whl egg deb rpm apk ipa dmg iso img nupkg crx vsix gem cab msi " +
    "exe dll so dylib class pyc pyo wasm elf syso ko swo swp " +
    "mp3 mp4 m4a m4v wav flac ogg oga ogv webm avi mov mkv wmv aac midi " +
    "ttf otf woff woff2 eot fon pfb " +
    "sqlite sqlite3 db3 mdb parquet arrow feather avro orc h5 hdf5 npy npz pickle joblib pt pth ckpt safetensors onnx tflite gguf ggml tfrecord mo " +
    "p12 pfx jks keystore der cer crt crl p7b gpg pgp kdbx " +
    "blend fbx glb stl dwg dxf unitypackage"
  ).split(" "),
);
export const keyFile = /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)|[^/]*\.(pem|key|ppk|asc\.key|keytab))$/i;
