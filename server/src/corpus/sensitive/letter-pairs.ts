/**
 * How surprising a symbol is after another in words of code: a row per first symbol, a column per second (a to z, a digit, a boundary),
 * quarter bits as characters from "0". Counted over 420,228 distinct words by bench/secrets/letter-pairs.ts.
 */
const rows: readonly string[] = [
  "QD>?PJBVE[L>B?YB]>?;GJOFIWH@",
  ">IGG@KKN?GW;IOCAXBFA>TSYEZA;",
  ">KGN?GM>E_=BGL;CVDG>GLVULcF<",
  "AJIC9KNT>UZEIPCIQBDJFKQPN`E7",
  "BMBBEGHVN[VDF?NGI<=?NENCKZI9",
  "BNGHC?MR<cV@LL?NS@:DE]QWJeD;",
  "FLJM8GHF@`ZFHDHIY?@HGRRXRWH7",
  ";OHF:ISS?_MLJN?L^CJCFNI[IQK8",
  "HHB@EDCZS^WAC9?BZC?=UGWJbFQC",
  "@DKJ:>SL?SLNKL<GPMAL?NOWSQC;",
  "GEII:KMPBZWIJJIISJ@EEEOZS^L5",
  ">KIE:JQW<cK>JR;LaPFDEOUYITG:",
  "9DFG;NPT?aRKDP?>XLBGFTUTN_J;",
  "AQA?>@@QBWGFNF?LWIA;FJTTRYO;",
  "HG=@RFGUKXHBB;D@`<EB@FDQNXP>",
  "=QEI<EPGCaMCIO@F[=C@CKTVIfG9",
  "LLHFKKKTI\\WIJHIINICK5WRX\\ZK6",
  ">OEG9FIU?bJLFH>IMDCAHJPLF_K:",
  "FLCL<NKDA\\FKHLEEUKC:FMNWFRG7",
  ">PEL;JTD?bTILPBI\\>DEGSSLEZJ7",
  "GEFF@CFXD`Z?@;K>^?>=RU\\K\\[CA",
  "<KEL7JMP>aXC@OGKUMDKVSXLY[>:",
  ";LJG@NWH=]OHJ@@GL<DITUOR\\]J8",
  "BHDGD>XSC^VJJTPAUHH<RVXJLU98",
  "LLHOIMUVK_YGD@H;[M=CQRPWUSL4",
  "CQMP4STOAXWJIN>PYNAQR[TLJHF<",
  "GGGFGEVTT^UKRT\\RYWROPY\\P]_47",
  "BC?ABAFE@PICABD@O@=@EGHDXQNK",
];

export const symbolCount = 28;
export const digitSymbol = 26;
export const boundarySymbol = 27;

/** Bits, by `first * symbolCount + second`. */
export const pairBits: Float64Array = Float64Array.from(
  rows.flatMap((row) => Array.from(row, (character) => (character.charCodeAt(0) - 48) / 4)),
);
