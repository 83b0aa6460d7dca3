#include "textflag.h"

// SHA-256 (FIPS 180-4) of two messages, by the processor's own instructions for it: four rounds of the
// one, then the same four of the other. Each instruction waits for the one before it of its message, and
// while it does the other's goes ahead.

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
DATA rounds<>+0(SB)/4, $0x428a2f98
DATA rounds<>+4(SB)/4, $0x71374491
DATA rounds<>+8(SB)/4, $0xb5c0fbcf
DATA rounds<>+12(SB)/4, $0xe9b5dba5
DATA rounds<>+16(SB)/4, $0x3956c25b
DATA rounds<>+20(SB)/4, $0x59f111f1
DATA rounds<>+24(SB)/4, $0x923f82a4
DATA rounds<>+28(SB)/4, $0xab1c5ed5
DATA rounds<>+32(SB)/4, $0xd807aa98
DATA rounds<>+36(SB)/4, $0x12835b01
DATA rounds<>+40(SB)/4, $0x243185be
DATA rounds<>+44(SB)/4, $0x550c7dc3
DATA rounds<>+48(SB)/4, $0x72be5d74
DATA rounds<>+52(SB)/4, $0x80deb1fe
DATA rounds<>+56(SB)/4, $0x9bdc06a7
DATA rounds<>+60(SB)/4, $0xc19bf174
DATA rounds<>+64(SB)/4, $0xe49b69c1
DATA rounds<>+68(SB)/4, $0xefbe4786
DATA rounds<>+72(SB)/4, $0x0fc19dc6
DATA rounds<>+76(SB)/4, $0x240ca1cc
DATA rounds<>+80(SB)/4, $0x2de92c6f
DATA rounds<>+84(SB)/4, $0x4a7484aa
DATA rounds<>+88(SB)/4, $0x5cb0a9dc
DATA rounds<>+92(SB)/4, $0x76f988da
DATA rounds<>+96(SB)/4, $0x983e5152
DATA rounds<>+100(SB)/4, $0xa831c66d
DATA rounds<>+104(SB)/4, $0xb00327c8
DATA rounds<>+108(SB)/4, $0xbf597fc7
DATA rounds<>+112(SB)/4, $0xc6e00bf3
DATA rounds<>+116(SB)/4, $0xd5a79147
DATA rounds<>+120(SB)/4, $0x06ca6351
DATA rounds<>+124(SB)/4, $0x14292967
DATA rounds<>+128(SB)/4, $0x27b70a85
DATA rounds<>+132(SB)/4, $0x2e1b2138
DATA rounds<>+136(SB)/4, $0x4d2c6dfc
DATA rounds<>+140(SB)/4, $0x53380d13
DATA rounds<>+144(SB)/4, $0x650a7354
DATA rounds<>+148(SB)/4, $0x766a0abb
DATA rounds<>+152(SB)/4, $0x81c2c92e
DATA rounds<>+156(SB)/4, $0x92722c85
DATA rounds<>+160(SB)/4, $0xa2bfe8a1
DATA rounds<>+164(SB)/4, $0xa81a664b
DATA rounds<>+168(SB)/4, $0xc24b8b70
DATA rounds<>+172(SB)/4, $0xc76c51a3
DATA rounds<>+176(SB)/4, $0xd192e819
DATA rounds<>+180(SB)/4, $0xd6990624
DATA rounds<>+184(SB)/4, $0xf40e3585
DATA rounds<>+188(SB)/4, $0x106aa070
DATA rounds<>+192(SB)/4, $0x19a4c116
DATA rounds<>+196(SB)/4, $0x1e376c08
DATA rounds<>+200(SB)/4, $0x2748774c
DATA rounds<>+204(SB)/4, $0x34b0bcb5
DATA rounds<>+208(SB)/4, $0x391c0cb3
DATA rounds<>+212(SB)/4, $0x4ed8aa4a
DATA rounds<>+216(SB)/4, $0x5b9cca4f
DATA rounds<>+220(SB)/4, $0x682e6ff3
DATA rounds<>+224(SB)/4, $0x748f82ee
DATA rounds<>+228(SB)/4, $0x78a5636f
DATA rounds<>+232(SB)/4, $0x84c87814
DATA rounds<>+236(SB)/4, $0x8cc70208
DATA rounds<>+240(SB)/4, $0x90befffa
DATA rounds<>+244(SB)/4, $0xa4506ceb
DATA rounds<>+248(SB)/4, $0xbef9a3f7
DATA rounds<>+252(SB)/4, $0xc67178f2
GLOBL rounds<>(SB), RODATA|NOPTR, $256

// Words of a message are big-endian.
DATA swap<>+0(SB)/8, $0x0405060700010203
DATA swap<>+8(SB)/8, $0x0c0d0e0f08090a0b
GLOBL swap<>(SB), RODATA|NOPTR, $16

// Of one message: x and y hold its state, m is the four words of these rounds.
#define FIRST(at, m, x, y) \
	MOVOU at(R10), X0; PADDD m, X0; SHA256RNDS2 X0, x, y
#define SECOND(x, y) \
	PSHUFD $0x0e, X0, X0; SHA256RNDS2 X0, y, x
// The words of the next four rounds, of which part was worked out before.
#define WORDS(m, before, next, spare) \
	MOVO m, spare; PALIGNR $4, before, spare; PADDD spare, next; SHA256MSG2 m, next
#define PART(before, m) \
	SHA256MSG1 m, before
#define LOAD(from, at, m) \
	MOVOU at(from), m; PSHUFB X15, m

// The state as it is kept, h0 to h7, and as the instructions want it.
#define ENTER(from, x, y, spare) \
	MOVOU 0(from), x; MOVOU 16(from), y; \
	PSHUFD $0xb1, x, x; PSHUFD $0x1b, y, y; \
	MOVO x, spare; PALIGNR $8, y, x; PBLENDW $0xf0, spare, y
#define LEAVE(to, x, y, spare) \
	PSHUFD $0x1b, x, x; PSHUFD $0xb1, y, y; \
	MOVO x, spare; PBLENDW $0xf0, y, x; PALIGNR $8, spare, y; \
	MOVOU x, 0(to); MOVOU y, 16(to)

// func twinBlocks(a, b *[8]uint32, p, q *byte, n int)
TEXT ·twinBlocks(SB), NOSPLIT, $64-40
	MOVQ a+0(FP), DI
	MOVQ b+8(FP), SI
	MOVQ p+16(FP), R8
	MOVQ q+24(FP), R9
	MOVQ n+32(FP), CX
	LEAQ rounds<>(SB), R10
	MOVOU swap<>(SB), X15
	ENTER(DI, X1, X2, X13)
	ENTER(SI, X7, X8, X14)

block:
	MOVOU X1, 0(SP)
	MOVOU X2, 16(SP)
	MOVOU X7, 32(SP)
	MOVOU X8, 48(SP)

	// Rounds 0 to 3.
	LOAD(R8, 0, X3)
	FIRST(0, X3, X1, X2)
	SECOND(X1, X2)
	LOAD(R9, 0, X9)
	FIRST(0, X9, X7, X8)
	SECOND(X7, X8)
	// Rounds 4 to 7.
	LOAD(R8, 16, X4)
	FIRST(16, X4, X1, X2)
	SECOND(X1, X2)
	PART(X3, X4)
	LOAD(R9, 16, X10)
	FIRST(16, X10, X7, X8)
	SECOND(X7, X8)
	PART(X9, X10)
	// Rounds 8 to 11.
	LOAD(R8, 32, X5)
	FIRST(32, X5, X1, X2)
	SECOND(X1, X2)
	PART(X4, X5)
	LOAD(R9, 32, X11)
	FIRST(32, X11, X7, X8)
	SECOND(X7, X8)
	PART(X10, X11)
	// Rounds 12 to 15.
	LOAD(R8, 48, X6)
	FIRST(48, X6, X1, X2)
	WORDS(X6, X5, X3, X13)
	SECOND(X1, X2)
	PART(X5, X6)
	LOAD(R9, 48, X12)
	FIRST(48, X12, X7, X8)
	WORDS(X12, X11, X9, X14)
	SECOND(X7, X8)
	PART(X11, X12)
	// Rounds 16 to 19.
	FIRST(64, X3, X1, X2)
	WORDS(X3, X6, X4, X13)
	SECOND(X1, X2)
	PART(X6, X3)
	FIRST(64, X9, X7, X8)
	WORDS(X9, X12, X10, X14)
	SECOND(X7, X8)
	PART(X12, X9)
	// Rounds 20 to 23.
	FIRST(80, X4, X1, X2)
	WORDS(X4, X3, X5, X13)
	SECOND(X1, X2)
	PART(X3, X4)
	FIRST(80, X10, X7, X8)
	WORDS(X10, X9, X11, X14)
	SECOND(X7, X8)
	PART(X9, X10)
	// Rounds 24 to 27.
	FIRST(96, X5, X1, X2)
	WORDS(X5, X4, X6, X13)
	SECOND(X1, X2)
	PART(X4, X5)
	FIRST(96, X11, X7, X8)
	WORDS(X11, X10, X12, X14)
	SECOND(X7, X8)
	PART(X10, X11)
	// Rounds 28 to 31.
	FIRST(112, X6, X1, X2)
	WORDS(X6, X5, X3, X13)
	SECOND(X1, X2)
	PART(X5, X6)
	FIRST(112, X12, X7, X8)
	WORDS(X12, X11, X9, X14)
	SECOND(X7, X8)
	PART(X11, X12)
	// Rounds 32 to 35.
	FIRST(128, X3, X1, X2)
	WORDS(X3, X6, X4, X13)
	SECOND(X1, X2)
	PART(X6, X3)
	FIRST(128, X9, X7, X8)
	WORDS(X9, X12, X10, X14)
	SECOND(X7, X8)
	PART(X12, X9)
	// Rounds 36 to 39.
	FIRST(144, X4, X1, X2)
	WORDS(X4, X3, X5, X13)
	SECOND(X1, X2)
	PART(X3, X4)
	FIRST(144, X10, X7, X8)
	WORDS(X10, X9, X11, X14)
	SECOND(X7, X8)
	PART(X9, X10)
	// Rounds 40 to 43.
	FIRST(160, X5, X1, X2)
	WORDS(X5, X4, X6, X13)
	SECOND(X1, X2)
	PART(X4, X5)
	FIRST(160, X11, X7, X8)
	WORDS(X11, X10, X12, X14)
	SECOND(X7, X8)
	PART(X10, X11)
	// Rounds 44 to 47.
	FIRST(176, X6, X1, X2)
	WORDS(X6, X5, X3, X13)
	SECOND(X1, X2)
	PART(X5, X6)
	FIRST(176, X12, X7, X8)
	WORDS(X12, X11, X9, X14)
	SECOND(X7, X8)
	PART(X11, X12)
	// Rounds 48 to 51.
	FIRST(192, X3, X1, X2)
	WORDS(X3, X6, X4, X13)
	SECOND(X1, X2)
	PART(X6, X3)
	FIRST(192, X9, X7, X8)
	WORDS(X9, X12, X10, X14)
	SECOND(X7, X8)
	PART(X12, X9)
	// Rounds 52 to 55.
	FIRST(208, X4, X1, X2)
	WORDS(X4, X3, X5, X13)
	SECOND(X1, X2)
	FIRST(208, X10, X7, X8)
	WORDS(X10, X9, X11, X14)
	SECOND(X7, X8)
	// Rounds 56 to 59.
	FIRST(224, X5, X1, X2)
	WORDS(X5, X4, X6, X13)
	SECOND(X1, X2)
	FIRST(224, X11, X7, X8)
	WORDS(X11, X10, X12, X14)
	SECOND(X7, X8)
	// Rounds 60 to 63.
	FIRST(240, X6, X1, X2)
	SECOND(X1, X2)
	FIRST(240, X12, X7, X8)
	SECOND(X7, X8)

	MOVOU 0(SP), X3
	MOVOU 16(SP), X4
	MOVOU 32(SP), X9
	MOVOU 48(SP), X10
	PADDD X3, X1
	PADDD X4, X2
	PADDD X9, X7
	PADDD X10, X8
	ADDQ $64, R8
	ADDQ $64, R9
	DECQ CX
	JNZ block

	LEAVE(DI, X1, X2, X13)
	LEAVE(SI, X7, X8, X14)
	RET

// func canTwin() bool
TEXT ·canTwin(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	XORL AX, AX
	XORL CX, CX
	CPUID
	CMPL AX, $7
	JLT  no
	MOVL $1, AX
	XORL CX, CX
	CPUID
	ANDL $0x80200, CX // SSSE3 and SSE4.1
	CMPL CX, $0x80200
	JNE  no
	MOVL $7, AX
	XORL CX, CX
	CPUID
	BTL  $29, BX // SHA
	JCC  no
	MOVB $1, ret+0(FP)
no:
	RET
