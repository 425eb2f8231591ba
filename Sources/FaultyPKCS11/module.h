// The real module, its slots as they are shown, and the sessions that are open.
#ifndef FAULTY_PKCS11_MODULE_H
#define FAULTY_PKCS11_MODULE_H

#include "rules.h"

#pragma GCC visibility push(hidden)

// The real module's functions; null when it cannot be loaded.
extern CK_FUNCTION_LIST *real;

bool module_load(void);

// The real slot behind one that is shown; mirrors have the number of the mirror in their upper half.
CK_SLOT_ID slot_behind(CK_SLOT_ID slot);

CK_RV list_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count);

// Makes the serial number of a mirror another one.
void mark_mirror(CK_SLOT_ID slot, CK_TOKEN_INFO *info);

void session_opened(CK_SESSION_HANDLE session, CK_SLOT_ID slot);
void session_closed(CK_SESSION_HANDLE session);
void sessions_forget(void);

// The slot that a session belongs to, as it is shown. Known of dead sessions, too.
bool session_slot(CK_SESSION_HANDLE session, CK_SLOT_ID *slot, bool *lives);

// Closes all sessions of one slot, and of its mirrors not; or of all slots. Waits for calls that are under way.
CK_RV close_sessions(CK_SLOT_ID slot, bool all);

// Around each call of the real module but those that wait for others.
void flight_begin(void);
void flight_end(void);

// Judges a call; what has to be done before it is done.
void begin(const char *function, CK_SESSION_HANDLE session, struct verdict *verdict);
void begin_slot(const char *function, CK_SLOT_ID slot, struct verdict *verdict);
void begin_global(const char *function, struct verdict *verdict);

// What the caller gets.
CK_RV finish(const struct verdict *verdict, CK_RV code, CK_BYTE *output, CK_ULONG *length);

#pragma GCC visibility pop

#endif
