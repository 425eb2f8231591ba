import IdentityJWT
import Testing
