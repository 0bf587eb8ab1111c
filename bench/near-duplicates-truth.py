"""Exact truth for bench/near-duplicates.ts, written from the definition alone, without filters and without looking at the other one.

Words: maximal runs of letters (Unicode L), digits (Unicode N) and underscore, case kept. A document is the set of its five-word
shingles; of fewer than five words, one shingle; without words, none. Similarity: Jaccard. Input: JSON lines {"path", "text"};
output: one JSON object {"pairs": [[i, j, overlap, size_i, size_j] with 2 * J >= 1], "shingles"}.
"""

import json
import re
import sys
import unicodedata

import numpy


def word_pattern():
    ranges, start = [], None
    for point in range(sys.maxunicode + 2):
        inside = point <= sys.maxunicode and (point == 95 or unicodedata.category(chr(point))[0] in "LN")
        if inside and start is None:
            start = point
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{point - 1:08x}")
            start = None
    return re.compile("[" + "".join(ranges) + "]+")


def read_sets(file):
    pattern, words, shingles, sets = word_pattern(), {}, {}, []
    for line in open(file, encoding="utf-8"):
        numbers = [words.setdefault(word, len(words)) for word in pattern.findall(json.loads(line)["text"])]
        width = min(5, len(numbers))
        grams = {tuple(numbers[at : at + width]) for at in range(len(numbers) - width + 1)} if numbers else set()
        sets.append(numpy.fromiter((shingles.setdefault(gram, len(shingles)) for gram in grams), dtype=numpy.int64, count=len(grams)))
    return sets, len(shingles)


def main():
    sets, shingles = read_sets(sys.argv[1])
    sizes = numpy.array([len(each) for each in sets])
    owners = numpy.repeat(numpy.arange(len(sets), dtype=numpy.int32), sizes)
    flat = numpy.concatenate(sets) if sets else numpy.empty(0, dtype=numpy.int64)
    order = numpy.argsort(flat, kind="stable")
    documents = owners[order]
    starts = numpy.searchsorted(flat[order], numpy.arange(shingles + 1))
    pairs = []
    for later, own in enumerate(sets):
        if later == 0 or len(own) == 0:
            continue
        frequent = own[starts[own + 1] - starts[own] > 1]
        if len(frequent) == 0:
            continue
        overlap = numpy.zeros(len(sets), dtype=numpy.int64)
        for shingle in frequent:
            overlap[documents[starts[shingle] : starts[shingle + 1]]] += 1
        for earlier in numpy.nonzero(3 * overlap[:later] >= sizes[:later] + sizes[later])[0]:
            if overlap[earlier] > 0:
                pairs.append([int(earlier), later, int(overlap[earlier]), int(sizes[earlier]), int(sizes[later])])
    json.dump({"pairs": pairs, "shingles": shingles}, sys.stdout)


main()
