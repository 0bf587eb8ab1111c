"""datatrove's MinHash stages with its defaults (5 words, 14 bands of 8 rows, xxh64) on the documents of bench/near-duplicates.ts.

Output: one JSON object {"clusters": [[index, ...]], "removed": [index], "cpu": seconds of the four stages in this process}.
Needs datatrove[processing], spacy and xxhash below 4 (release 4 no longer takes str).
"""

import json
import os
import shutil
import struct
import sys
import tempfile
import time
from collections import defaultdict

from datatrove.data import Document
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.hashing import HashConfig


def main():
    documents = [Document(text=json.loads(line)["text"] or " ", id=str(index)) for index, line in enumerate(open(sys.argv[1], encoding="utf-8"))]
    place = tempfile.mkdtemp()
    config = MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8, n_grams=5)
    start = time.process_time()
    MinhashDedupSignature(output_folder=f"{place}/signatures", config=config, language="eng").run(iter(documents), rank=0, world_size=1)
    for bucket in range(config.num_buckets):
        MinhashDedupBuckets(input_folder=f"{place}/signatures", output_folder=f"{place}/buckets", config=config).run(None, bucket, config.num_buckets)
    MinhashDedupCluster(input_folder=f"{place}/buckets", output_folder=f"{place}/removed", config=config, save_cluster_id=True).run(None, 0, 1)
    cpu = time.process_time() - start
    removed, clusters = [], defaultdict(list)
    for name in sorted(os.listdir(f"{place}/removed")):
        data = open(f"{place}/removed/{name}", "rb").read()
        if name.endswith(".remove"):
            removed = [value for (value,) in struct.iter_unpack("<I", data)]
        elif name.endswith(".clusters"):
            for document, cluster in struct.iter_unpack("<II", data):
                clusters[cluster].append(document)
    shutil.rmtree(place)
    json.dump({"clusters": list(clusters.values()), "removed": removed, "cpu": cpu}, sys.stdout)


main()
