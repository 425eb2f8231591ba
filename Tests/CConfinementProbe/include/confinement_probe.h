// System calls as they are, without the C library's help: what Swift cannot say.
#ifndef CONFINEMENT_PROBE_H
#define CONFINEMENT_PROBE_H

// The error of a call that the confinement permits, in place of its effect. No system has it.
enum { PROBE_PERMITTED = 3333 };

// Has every call of `probe_ask` fail with PROBE_PERMITTED unless a filter that is installed later refuses it. To be called before the
// process confines itself: of two filters that both answer with an error, the later one's counts.
//
// Returns 0, or an error number.
int probe_prepare(void);

// Asks what the confinement says of a call with these arguments, and has it do nothing. Returns the error number.
int probe_ask(long number, long a, long b, long c, long d, long e);

// Makes a call. Returns 0, or the error number.
int probe_make(long number, long a, long b, long c, long d, long e);

// Starts a process with these flags, which ends at once. Returns 0, or the error number.
int probe_clone(unsigned long flags);

// Makes a call of the 32-bit ABI. Does not return when that is not confined any better than it was: prints what it answers.
long probe_other_abi(void);

#endif
