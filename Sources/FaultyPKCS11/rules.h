// What the control file says: which function misbehaves how, and when.
#ifndef FAULTY_PKCS11_RULES_H
#define FAULTY_PKCS11_RULES_H

#include <stdbool.h>
#include <p11-kit/pkcs11.h>

#pragma GCC visibility push(hidden)

enum action {
    ACTION_RETURN,               // return a code without calling the module
    ACTION_AFTER,                // call the module, then return a code: the answer is lost
    ACTION_DELAY,                // wait, then call
    ACTION_HANG,                 // wait until the control file has changed
    ACTION_CRASH,                // abort the process
    ACTION_SHORT,                // say that the output is shorter than it is
    ACTION_GARBLE,               // flip a bit of the output
    ACTION_INVALIDATE_SESSIONS,  // close all sessions of the slot first
    ACTION_LOGOUT,               // log the user out first
    ACTION_DEVICE_LOST           // no such device; its sessions are gone
};

// What is to be done with one call.
struct verdict {
    bool skips;           // the module is not called; `code` is returned
    bool replaces;        // the module is called; `code` is returned
    CK_RV code;
    CK_ULONG shortens;
    bool garbles;
    bool loses_sessions;  // the sessions of the slot are to be closed first
    bool logs_out;
};

// Looks at the control file again when it has changed, finds the rules for a call and counts it. Waits as they say.
void rules_judge(const char *function, CK_SLOT_ID slot, bool has_slot, struct verdict *verdict);

// Whether a rule says that the slot's device is lost at the moment.
bool rules_device_is_lost(CK_SLOT_ID slot);

// The number of a return value by its name or as 0x…; false when it is neither.
bool code_named(const char *name, CK_RV *code);

#pragma GCC visibility pop

#endif
