/** A package that the base is made from, pinned by version and by the hash of the archive that the registry's client delivers. */
export interface SourcePackage {
  readonly registry: "npm" | "pypi";
  readonly name: string;
  readonly version: string;
  /** As the package's own metadata say it; checked by hand when the pin is made. */
  readonly licence: string;
  /** Path prefixes inside the archive that are taken; everything when absent. Packages that ship sources and their compiled form name the sources. */
  readonly take?: readonly string[];
  readonly drop?: readonly string[];
  /** Largest share of the corpus, 10^6 bytes of text: no single package may shape the base. */
  readonly megabytes?: number;
  /** Never trained on: measures unseen general code. */
  readonly heldOut?: true;
  readonly sha256: string;
}

/** Repositories that people adapt and measure with: none of their text may be in the base. */
export const heldOutPackages = [
  "boltons",
  "rxjs",
  "express",
  "flask",
  "requests",
  "zod",
  "lodash",
  "fastify",
  "click",
  "numpy",
  "cobra",
  "gin",
  "serde",
  "tokio",
  "vue",
  "react",
  "axios",
  "httpx",
  "attrs",
  "rich",
] as const;

export const acceptedLicences = /^(MIT|MIT-0|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|ISC)( (AND|OR) (MIT|Apache-2\.0|BSD-3-Clause|ISC))*$/;

// prettier-ignore
export const sourcePackages: readonly SourcePackage[] = [
  { registry: "npm", name: "three", version: "0.187.0", licence: "MIT", take: ["src/", "examples/jsm/"], megabytes: 4.0, sha256: "ff540832ded0cfe919764d24a3d88f3e2a05f23303f876423e4f893841e90728" },
  { registry: "npm", name: "svelte", version: "5.57.3", licence: "MIT", take: ["src/", "README.md"], sha256: "afda776761670addcd6f4345c1b4b0665c8dd11b82961cbfee9696d5d9f4546a" },
  { registry: "npm", name: "eslint", version: "10.15.0", licence: "MIT", sha256: "8cb5e45fb5b1174e4216d546b69d37c0ac5cb5d9ba8342946a04af1f59605edb" },
  { registry: "npm", name: "webpack", version: "5.112.2", licence: "MIT", take: ["lib/", "README.md"], megabytes: 3.0, sha256: "fb618a5eba0f16fa43ed720cc4634df4e88c65d594c0e0ad2c5c0c9be4057dfe" },
  { registry: "npm", name: "mongoose", version: "9.12.1", licence: "MIT", take: ["lib/", "README.md"], sha256: "de332a61c69faea1f9775291a984a9391a985e0b452d51c55b6458796de7d04b" },
  { registry: "npm", name: "knex", version: "3.3.0", licence: "MIT", sha256: "6f017ec9d4b8d665c739fa5ed20833bc96e61bc3903ea7ab6ad8498c926f1cc5" },
  { registry: "npm", name: "sequelize", version: "6.37.8", licence: "MIT", sha256: "fabd247885c91dba5208f3db4f2d3632986591462230006149783355068cb9ff" },
  { registry: "npm", name: "react-native", version: "0.82.1", licence: "MIT", drop: ["src/private/featureflags/", "ReactCommon/react/featureflags/", "ReactAndroid/src/main/java/com/facebook/react/internal/featureflags/"], megabytes: 9.0, sha256: "88eb5d4e44ea196b5ef8805c885a558a5fa7666a52b3d893bdd6ec5644af2d72" },
  { registry: "npm", name: "@tanstack/query-core", version: "5.108.0", licence: "MIT", take: ["src/", "README.md"], sha256: "295e04168c1afddc3c0c95a88751b4c3bb69ebe56aee81b523b41bb37daea815" },
  { registry: "npm", name: "@tanstack/table-core", version: "9.3.1", licence: "MIT", take: ["src/", "README.md", "skills/"], sha256: "719995a9db209370ab724d3ea9d56cc3156ceeba9fba42fc5979c49babc254fb" },
  { registry: "npm", name: "@tanstack/router-core", version: "1.171.39", licence: "MIT", take: ["src/", "README.md", "skills/"], sha256: "0c9345f2830bda69901d464a293d101f10635d3c935f7f1e310681b71bd2e962" },
  { registry: "npm", name: "immer", version: "11.2.10", licence: "MIT", take: ["src/", "readme.md"], sha256: "f8184e2750790534d2faf01137b39133586ef2c14fa504ee82409568dbb0b32d" },
  { registry: "npm", name: "@reduxjs/toolkit", version: "2.14.0", licence: "MIT", take: ["src/", "README.md", "skills/"], sha256: "1e5a0946e81e9c365141d18c7067221b48ba66c6858d0a6e23296a31b095f82b" },
  { registry: "npm", name: "mobx", version: "7.1.3", licence: "MIT", take: ["src/", "README.md"], sha256: "bbd07665d8851ee01df2fd4e12db106c60fd878839610dd8b899548969625616" },
  { registry: "npm", name: "effect", version: "3.22.4", licence: "MIT", take: ["src/"], megabytes: 3.0, sha256: "82d145ec7018b2860f4c9576215cba750c1c0a2c64a3c5168a40540fa3f4f0cf" },
  { registry: "npm", name: "@effect/platform", version: "0.97.2", licence: "MIT", take: ["src/"], sha256: "329d4da0307fafb8689c522fbc312551c66760b2b41ceaa51c7f0a96e9da2874" },
  { registry: "npm", name: "viem", version: "2.57.20", licence: "MIT", drop: ["_esm/", "_cjs/", "_types/", "chains/"], megabytes: 2.5, sha256: "32241c5553f316a299921ce66ad2315e21a3b34d16c6bfc075a55e729c7207a2" },
  { registry: "npm", name: "ethers", version: "6.17.0", licence: "MIT", take: ["src.ts/", "README.md"], drop: ["src.ts/wordlists/"], sha256: "17355f81284ba8431953c77af803b122baf4670cdbf84907adf7cafcd745052b" },
  { registry: "npm", name: "@wagmi/core", version: "3.6.5", licence: "MIT", take: ["src/"], sha256: "3d0c39901a819a6e0f18ed4089ef3d19b256ccf55f43f5f3c4009dd270648523" },
  { registry: "npm", name: "@trpc/server", version: "11.25.2", licence: "MIT", take: ["src/", "README.md", "skills/"], sha256: "43d5562bf3d3ca2ba55bb37a91020c19d90ddaa3359a1eb55e5fefc62c6cb29a" },
  { registry: "npm", name: "@xterm/xterm", version: "6.0.0", licence: "MIT", take: ["src/", "README.md"], sha256: "908e66e04af6c8dc6b00dd3b54de088e2e81e5ed866284fd6c2fb3c2d1c7a3f6" },
  { registry: "npm", name: "ajv", version: "8.20.0", licence: "MIT", take: ["lib/", "README.md"], sha256: "b2f0b3a893bbb8cc5efb6814f08b1499e19e31d5dd73683f5893382f48f6e7b3" },
  { registry: "npm", name: "cheerio", version: "1.2.0", licence: "MIT", take: ["src/", "Readme.md"], sha256: "56024eb0f315c373a4be57b26f3d956e9618cd2778ad283960c09cc1d4e820ab" },
  { registry: "npm", name: "bootstrap", version: "5.3.8", licence: "MIT", take: ["js/src/", "scss/", "README.md"], sha256: "8b02d4a7482e0f0a2b1da58f1c9c86830e96cc2f77f094f89e4681b19886bc38" },
  { registry: "npm", name: "ol", version: "10.10.0", licence: "BSD-2-Clause", drop: ["dist/", "build/"], sha256: "0180f4ddeffdd16f1a92dea86f463d943283fe1f33223712bc83fd3d7928d62e" },
  { registry: "npm", name: "@cesium/engine", version: "26.3.0", licence: "Apache-2.0", take: ["Source/", "README.md"], drop: ["Source/Shaders/", "Source/ThirdParty/"], megabytes: 3.0, sha256: "24ea568356157f8cde7058d04e897b1bccaa966f5d8bb4b09ecb1f114930fa88" },
  { registry: "npm", name: "leaflet", version: "1.9.4", licence: "BSD-2-Clause", take: ["src/", "README.md"], sha256: "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77" },
  { registry: "npm", name: "undici", version: "8.12.4", licence: "MIT", take: ["lib/", "docs/", "README.md"], sha256: "26058cdb2174623666e823e6b44ccfef8d5c1955107f979b8083904b61a0ce6e" },
  { registry: "npm", name: "openai", version: "7.55.0", licence: "Apache-2.0", take: ["src/", "README.md"], megabytes: 1.2, sha256: "0dfe04d620754817721c04511c6425731f1bf132699e4fe9377ca966a14a6971" },
  { registry: "npm", name: "hls.js", version: "1.7.4", licence: "Apache-2.0", take: ["src/", "README.md"], sha256: "e4ab3d5d13f7cca9ef241d098f39686e19fd451831ba07dc9943482fd5ff75c7" },
  { registry: "npm", name: "fabric", version: "7.4.0", licence: "MIT", take: ["src/", "README.md", "CHANGELOG.md"], sha256: "47b563847544c80a23f7a37de6788e78667a385bfde932706834bbab076c0c3f" },
  { registry: "npm", name: "phaser", version: "4.2.1", licence: "MIT", take: ["src/", "README.md", "skills/", "changelog/"], megabytes: 4.0, sha256: "10c483ef182f0e2aafdc2a11b3bcf86cedb02a4b62a14cfce673b2f9b714318b" },
  { registry: "npm", name: "node-red", version: "5.0.7", licence: "Apache-2.0", sha256: "e701362fda8930bba62a138276f147c21fcbeb61fb9778d6d130467f6d02e753" },
  { registry: "npm", name: "@node-red/runtime", version: "5.0.7", licence: "Apache-2.0", sha256: "6feb6c579e8189b8490b9212178393a7bb1cd839bb17629b07edfb4a7cb8cd09" },
  { registry: "npm", name: "@jupyterlab/notebook", version: "4.6.6", licence: "BSD-3-Clause", take: ["src/"], sha256: "9691ea1c1fb5695c30ffb2c284ce95bd1a5414a60d8ff8ce7f5db1affa2426f3" },
  { registry: "npm", name: "@jupyterlab/application", version: "4.6.6", licence: "BSD-3-Clause", take: ["src/"], sha256: "027f790b9f9c46a913528f0bd703ca82fa7c7f7759577269366743bd27de220e" },
  { registry: "npm", name: "prosemirror-view", version: "1.42.9", licence: "MIT", take: ["src/", "README.md", "CHANGELOG.md"], sha256: "d92a5d70b1c9d20ffa582c710ba62f86a58cb8a7ec5c58b9abe402c8e9e5d403" },
  { registry: "npm", name: "prosemirror-model", version: "1.25.13", licence: "MIT", take: ["src/", "README.md", "CHANGELOG.md"], sha256: "d7cb62718cc012c2eeda679512d3f409220ab15a782fe8a61bd08c010e015a0f" },
  { registry: "npm", name: "hexo", version: "8.1.2", licence: "MIT", sha256: "3ba063de1fb6ecfe5ec79d1f9ac3e886deb2f7c3f0b93fd063b8e1ef11ff97d2" },
  { registry: "npm", name: "node-gyp", version: "13.1.0", licence: "MIT", take: ["lib/", "README.md", "docs/"], sha256: "15663ca4944844139023390f057e86f1897d855959ea7e96f151d4873be8c71f" },
  { registry: "npm", name: "jsdom", version: "31.0.1", licence: "MIT", take: ["lib/", "README.md"], drop: ["lib/generated/", "lib/jsdom/living/generated/"], sha256: "53b0b47dbcebe37833e4cbcf162d9fc628a038eeddcb1e68255a4957381da109" },
  { registry: "npm", name: "shaka-player", version: "5.2.12", licence: "Apache-2.0", take: ["lib/", "ui/", "README.md"], sha256: "0c09816ea0b1399434bb6423b6a955f22e75b1886e4d394934ec73b9b38e3018" },
  { registry: "npm", name: "preact", version: "11.2.0", licence: "MIT", take: ["src/", "hooks/src/", "compat/src/", "debug/src/", "devtools/src/", "test-utils/src/", "README.md"], sha256: "3c4456766bd32b6b534d52bf4e9c2a29b33e7eedf6e96ed479300ba1a7888ebf" },
  { registry: "npm", name: "stylelint", version: "18.0.0", licence: "MIT", take: ["lib/", "docs/", "README.md"], megabytes: 1.0, sha256: "c4afe67deb7470113f8edd18138fc96f64c45007de2ffbae3a6c934e1b535682" },
  { registry: "npm", name: "less", version: "4.9.1", licence: "Apache-2.0", take: ["lib/less/", "README.md"], sha256: "dc91904c4a288ef3f2835f163c8ec4629d7dd7a5388255fc124873f5cdbb4d03" },
  { registry: "npm", name: "nodemailer", version: "10.6.0", licence: "MIT-0", take: ["lib/", "README.md", "CHANGELOG.md"], sha256: "c9255a14f237f8dc05d24fe04bf9ef5e4f297921140a85b10fa74d62958ba914" },
  { registry: "npm", name: "winston", version: "3.19.0", licence: "MIT", take: ["lib/", "README.md"], sha256: "4183f422c69153b58b8595d3ec06c523087ca1a978006e1a6db63e199c18748e" },
  { registry: "npm", name: "mocha", version: "12.0.3", licence: "MIT", drop: ["mocha.js", "mocha-es2018.js"], heldOut: true, sha256: "3a93ba09b4b5f591a947ef5226ca9ae76220b124fe610dbcd5b76eb320512919" },
  { registry: "npm", name: "@tiptap/core", version: "3.34.0", licence: "MIT", take: ["src/", "README.md"], heldOut: true, sha256: "6855ccb838f9f6ad048b118082e7c4db06fffddc385d7fa92b51066c564a27b0" },
  { registry: "npm", name: "cordova-android", version: "15.1.0", licence: "Apache-2.0", take: ["framework/", "lib/", "README.md"], heldOut: true, sha256: "10ecdd08830c58dc16a16e72f35e72ee15c9ad5c024d643327839624cb59b39f" },
  { registry: "pypi", name: "Django", version: "5.2.8", licence: "BSD-3-Clause", take: ["django/", "docs/", "README.rst"], drop: ["docs/releases/"], megabytes: 7.5, sha256: "23254866a5bb9a2cfa6004e8b809ec6246eba4b58a7589bc2772f1bcc8456c7f" },
  { registry: "pypi", name: "SQLAlchemy", version: "2.1.9", licence: "MIT", take: ["lib/", "doc/build/", "examples/", "README.rst"], drop: ["doc/build/changelog/"], megabytes: 3.5, sha256: "d700a8b2edfb26282a470333d6bc4a454c4acda4d201a3bea7b72fa76c217d28" },
  { registry: "pypi", name: "sympy", version: "1.14.0", licence: "BSD-3-Clause", take: ["sympy/", "doc/", "README.md"], megabytes: 2.5, sha256: "d3d3fe8df1e5a0b42f0e7bdf50541697dbe7d23746e894990c030e2b05e72517" },
  { registry: "pypi", name: "Scrapy", version: "2.19.0", licence: "BSD-3-Clause", sha256: "34130726582b64c91531162ab277c4053e558876d49ba219cb43679e71d80a87" },
  { registry: "pypi", name: "celery", version: "5.7.0", licence: "BSD-3-Clause", take: ["celery/", "docs/", "examples/", "README.rst"], drop: ["docs/history/"], sha256: "6a5dfcf6662287204f009a02002b9e66c83d4105e47ebabdc7079108772fc6f0" },
  { registry: "pypi", name: "networkx", version: "3.5", licence: "BSD-3-Clause", take: ["networkx/", "doc/", "examples/", "README.rst"], drop: ["doc/release/"], megabytes: 2.5, sha256: "d4c6f9cf81f52d69230866796b82afbccdec3db7ae4fbd1b65ea750feed50037" },
  { registry: "pypi", name: "aiohttp", version: "3.14.5", licence: "Apache-2.0 AND MIT", take: ["aiohttp/", "docs/", "examples/", "README.rst"], sha256: "5558a7f5a05af9ecf744af91e5baefc436f93c9333e656c27ec253f9a6bbe178" },
  { registry: "pypi", name: "dask", version: "2026.8.0", licence: "BSD-3-Clause", take: ["dask/", "docs/", "README.rst"], sha256: "8a94c37b5de6d869343340dc26c3c3acca7ec48a3abdabe00ea3abb1125884d5" },
  { registry: "pypi", name: "Twisted", version: "26.10.0", licence: "MIT", take: ["src/", "docs/", "README.rst"], megabytes: 4.0, sha256: "5f0355403e507fc23ceea85e9dbb4bc59335aabde41dd324e8b8cea180dd38de" },
  { registry: "pypi", name: "pymongo", version: "4.20.0", licence: "Apache-2.0", take: ["pymongo/", "bson/", "gridfs/", "doc/", "README.md"], drop: ["pymongo/synchronous/", "gridfs/synchronous/"], sha256: "f773b0aec28687587cdeda490463a82debc4566a4a3620dcc8dada9d2c0a1acd" },
  { registry: "pypi", name: "Werkzeug", version: "3.1.9", licence: "BSD-3-Clause", take: ["src/", "docs/", "examples/", "README.md"], sha256: "55ca7c70a75689be937aa27f8ff4b018f06ff4838fc73045560bf0f5a1291060" },
  { registry: "pypi", name: "mkdocs", version: "1.6.1", licence: "BSD-2-Clause", take: ["mkdocs/", "README.md"], drop: ["mkdocs/themes/"], sha256: "7b432f01d928c084353ab39c57282f29f92136665bdd6abf7c1ec8d822ef86f2" },
  { registry: "pypi", name: "ruff", version: "0.17.5", licence: "MIT", take: ["crates/", "README.md", "docs/", "python/"], megabytes: 3.0, sha256: "625e57d80cd43352d12ea81690f3eac46cddc8c0f35026d137fb0f157f94592e" },
  { registry: "pypi", name: "cryptography", version: "50.0.2", licence: "Apache-2.0 OR BSD-3-Clause", take: ["src/", "docs/", "README.rst"], sha256: "7b46165bb56eb4704e2eaaf86f3c940d19154535d9b0ca7d6d590b04060e00d5" },
  { registry: "pypi", name: "uvloop", version: "0.23.0", licence: "MIT OR Apache-2.0", take: ["uvloop/", "vendor/libuv/src/", "vendor/libuv/docs/", "vendor/libuv/include/", "README.rst"], sha256: "28d160f51ab4da3b187063652e643dea6831072add4adc1e6d62afbe73b6be27" },
  { registry: "pypi", name: "pycares", version: "5.2.1", licence: "MIT", take: ["src/", "deps/c-ares/src/lib/", "docs/", "README.rst"], sha256: "3e89edc56a3745046676207958bf3dbf2971c5df0d64de9f7a893eba8bf255b4" },
  { registry: "pypi", name: "zstandard", version: "0.25.0", licence: "BSD-3-Clause", take: ["c-ext/", "rust-ext/", "zstandard/", "docs/", "README.rst"], sha256: "7713e1179d162cf5c7906da876ec2ccb9c3a9dcbdffef0cc7f70c3667a205f0b" },
  { registry: "pypi", name: "JPype1", version: "1.7.1", licence: "Apache-2.0", take: ["jpype/", "native/", "doc/", "project/", "README.rst"], sha256: "3cd88838dc3d2d546f7eaeadaaff864e590010c15f2b6a44b6f37e60796a14b2" },
  { registry: "pypi", name: "lxml", version: "6.1.3", licence: "BSD-3-Clause", take: ["src/lxml/", "doc/", "README.rst"], drop: ["src/lxml/includes/", "doc/html/", "doc/s5/"], sha256: "45222d94ddd511536f3b2f7d9deae3b2339b4ce0f075f1ca25703b07cad9dd21" },
  { registry: "pypi", name: "h5py", version: "3.16.0", licence: "BSD-3-Clause", take: ["h5py/", "docs/", "examples/", "README.rst"], sha256: "a0dbaad796840ccaa67a4c144a0d0c8080073c34c76d5a6941d6818678ef2738" },
  { registry: "pypi", name: "transformers", version: "5.23.0", licence: "Apache-2.0", take: ["src/", "README.md"], megabytes: 2.5, sha256: "19d647a4d5d903a7c644ca5cde2d86efc3dde7d8c687ae7988806ff2205efa71" },
  { registry: "pypi", name: "poetry", version: "2.5.1", licence: "MIT", take: ["src/", "README.md"], sha256: "19fbd566efced512be58989a756aa1333cdc9b6aabb4fc84fd1ec9d29ee74874" },
  { registry: "pypi", name: "ipython", version: "9.18.1", licence: "BSD-3-Clause", take: ["IPython/", "docs/", "examples/", "README.rst"], drop: ["docs/source/whatsnew/"], sha256: "6319c0f5372c196397899479e6db1783dd7937abae06815d1317e8d5d51aaaaf" },
  { registry: "pypi", name: "textual", version: "8.2.8", licence: "MIT", take: ["src/", "docs/", "README.md"], sha256: "3f106a9fbc73e39dd266c9712432087de78a6d644084c7c241d6a25c3169115b" },
  { registry: "pypi", name: "pip", version: "25.3", licence: "MIT", take: ["src/", "docs/", "README.rst"], sha256: "8d0538dbbd7babbd207f261ed969c65de439f6bc9e5dbd3b3b9a77f25d95f343" },
  { registry: "pypi", name: "mypy", version: "2.4.1", licence: "MIT", take: ["mypy/", "mypyc/", "docs/", "README.md"], drop: ["mypy/typeshed/"], megabytes: 2.5, sha256: "63b590965691e540a335fa74dadf31a7069142f6b72e234689bbd244edf55623" },
  { registry: "pypi", name: "xarray", version: "2026.9.0", licence: "Apache-2.0", take: ["xarray/", "doc/", "README.md"], sha256: "6abc69694c22fa1f0fb2f357ff4e41d88beb4477ed71091f944b7dbf67ed54fe" },
  { registry: "pypi", name: "tornado", version: "6.6.1", licence: "Apache-2.0", take: ["tornado/", "docs/", "demos/", "README.rst"], drop: ["docs/releases/"], heldOut: true, sha256: "28e6311402af59c8b02e3fa0f5e7d8eb465b25081381803b127d97e6a4395d5a" },
  { registry: "pypi", name: "psutil", version: "7.2.2", licence: "BSD-3-Clause", take: ["psutil/", "docs/", "scripts/", "README.rst"], heldOut: true, sha256: "0746f5f8d406af344fd547f1c8daa5f5c33dbc293bb8d6a16d80b4bb88f59372" },
  { registry: "pypi", name: "maturin", version: "1.16.0", licence: "MIT OR Apache-2.0", take: ["src/", "guide/", "README.md"], heldOut: true, sha256: "13e69ca12542999d8c5467131de72a49bb76e4c284b9a45c5783df7c0fcb3a8a" },];
