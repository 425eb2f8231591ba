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

enum { MOST_RULES = 64 };

struct function {
    const char *name;
    enum { SCOPE_NEITHER, SCOPE_SLOT, SCOPE_SESSION } scope;
    enum { OUTPUT_NONE, OUTPUT_FIXED, OUTPUT_COUNTED } output;
};

// Null when v2.40 has no such function.
const struct function *function_named(const char *name);

// Whether the action can do anything to a call of the function.
bool action_fits(enum action action, const struct function *function);

// A call: of which function, on which slot.
struct subject {
    const struct function *function;
    bool has_slot;      // a slot, or a session of one, which may be dead by now
    CK_SLOT_ID slot;
    bool has_session;   // a session that lives
};

// What is to be done with one call.
struct verdict {
    struct subject subject;
    bool skips;           // the module is not called; `code` is returned
    bool replaces;        // the module is called; `code` is returned
    CK_RV code;
    bool logs_out;
    bool loses_all;       // all sessions of all slots are to be closed first
    size_t lost_count;    // or those of these slots
    CK_SLOT_ID lost[MOST_RULES];
};

// Looks at the control file again when it has changed, finds the rules for a call and counts it. Waits as they say.
void rules_judge(const struct subject *subject, struct verdict *verdict);

// What is to be done with output that the module gave; only such calls are counted for it.
void rules_judge_output(const struct subject *subject, CK_ULONG *shortens, bool *garbles);

// Whether a rule says that the slot's device is lost at the moment.
bool rules_device_is_lost(CK_SLOT_ID slot);

// The number of a return value by its name or as 0x…; false when it is neither.
bool code_named(const char *name, CK_RV *code);

#pragma GCC visibility pop

#endif
