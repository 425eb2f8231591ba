import HTTPTypes
import KeyManagement

extension OperationGroup {
    static let imports = OperationGroup(
        "imports", "Keys that their owners bring.",
        [
            APIOperation(
                .post, "import-jobs", "createImportJob", "Makes a key pair under which material is brought",
                optionalBody: .importJob, status: 201, data: DataSchemas.importJob.ref,
                failures: [.unsupported, .conflict]),
            APIOperation(
                .get, "import-jobs/{job}", "describeImportJob", "Describes an import job",
                data: DataSchemas.importJob.ref, failures: [.importJobNotFound]),
            APIOperation(
                .delete, "import-jobs/{job}", "deleteImportJob", "Deletes an import job",
                data: DataSchemas.deletedImportJob.ref, failures: [.importJobNotFound]),
            APIOperation(
                .post, "keys/{key}/import", "importMaterial",
                "Brings the material of a new version, or that of an old one again", body: .importMaterial,
                isRepeatable: true, data: DataSchemas.changeOrImpact,
                failures: FailureCode.ofChanges.union(FailureCode.ofGuarded).union([
                    .importJobNotFound, .versionNotFound, .materialDiffers, .materialRejected, .unsupported,
                ])),
        ])
}
