import KeyManagement

/// The endpoints of key import (BYOK).
extension EndpointGroup {
    static let imports = EndpointGroup(
        "imports", "Keys that their owners bring.",
        [.createImportJob, .describeImportJob, .deleteImportJob, .importMaterial])
}
