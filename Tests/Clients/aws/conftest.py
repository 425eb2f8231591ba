import pytest
from support import client, setting, unique


@pytest.fixture(scope="session")
def kms():
    """As a user of the service who may do everything with keys."""
    return client()


@pytest.fixture(scope="session")
def loose():
    """The same, by a client that sends what botocore would not let through."""
    return client(validates=False)


@pytest.fixture(scope="session")
def other():
    """As a user whose role lets him do less."""
    return client(setting("KMS_AWS_OTHER_KEY_ID"), setting("KMS_AWS_OTHER_SECRET"))


@pytest.fixture(scope="session")
def stranger():
    """As a user without any role."""
    return client(setting("KMS_AWS_STRANGER_KEY_ID"), setting("KMS_AWS_STRANGER_SECRET"))


@pytest.fixture(scope="session")
def account():
    return setting("KMS_AWS_ACCOUNT")


@pytest.fixture(scope="session")
def region():
    return setting("AWS_DEFAULT_REGION")


@pytest.fixture(scope="session")
def root_arn(account):
    return f"arn:aws:iam::{account}:root"


@pytest.fixture(scope="session")
def user_arn(account):
    return f"arn:aws:iam::{account}:user/{setting('KMS_AWS_USER')}"


@pytest.fixture(scope="session")
def other_arn(account):
    return f"arn:aws:iam::{account}:user/{setting('KMS_AWS_OTHER_USER')}"


@pytest.fixture(scope="session")
def stranger_arn(account):
    return f"arn:aws:iam::{account}:user/{setting('KMS_AWS_STRANGER_USER')}"


@pytest.fixture
def create(kms):
    """Makes a key and answers its metadata."""

    def create(spec=None, usage=None, **arguments):
        if spec:
            arguments["KeySpec"] = spec
        if usage:
            arguments["KeyUsage"] = usage
        arguments.setdefault("Description", "made by a test of the AWS door")
        return kms.create_key(**arguments)["KeyMetadata"]

    return create


@pytest.fixture
def key(create):
    """A key of its own for one test, symmetric."""
    return create()


@pytest.fixture(scope="module")
def shared(kms):
    """Keys by spec and usage that a whole file may use, but not change: keys of RSA take their time."""
    made = {}

    def shared(spec="SYMMETRIC_DEFAULT", usage="ENCRYPT_DECRYPT"):
        if (spec, usage) not in made:
            made[spec, usage] = kms.create_key(KeySpec=spec, KeyUsage=usage, Description="shared by tests")["KeyMetadata"]
        return made[spec, usage]

    return shared


@pytest.fixture
def alias(kms, shared):
    """The name of an alias of the shared symmetric key."""
    name = unique("alias/test")
    kms.create_alias(AliasName=name, TargetKeyId=shared()["KeyId"])
    yield name
    kms.delete_alias(AliasName=name)
