#include "histogram.h"
#include "load.h"
#include "token_loop.h"
