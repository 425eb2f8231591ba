// A PKCS #11 module that misbehaves on command. Load it as a module; there is nothing to call but C_GetFunctionList.
#ifndef FAULTY_PKCS11_H
#define FAULTY_PKCS11_H

#include <p11-kit/pkcs11.h>

#endif
