import KeyManagement

/// The endpoints of key import (BYOK).
extension EndpointGroup {
    static let imports = EndpointGroup(
        "imports", "Import of key material (BYOK).",
        [.createImportJob, .describeImportJob, .deleteImportJob, .importMaterial])
}
