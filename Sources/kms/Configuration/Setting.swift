/// Every setting that there is, by its place in the configuration file.
enum Setting: String, CaseIterable {
    case tokenURI = "token.uri"
    case tokenWorkers = "token.workers"
    case tokenQueueLimit = "token.queue-limit"
    case tokenDeadline = "token.deadline"
    case tokenHandleCapacity = "token.handle-capacity"
    case tokenGenerationDeadline = "token.generation-deadline"
    case keysDestructionDays = "keys.destruction-days"
    case keysLeastDestructionDays = "keys.least-destruction-days"
    case keysImportLifetime = "keys.import-job-lifetime"
    case schedulerInterval = "scheduler.interval"
    case storePath = "store.path"
    case storeRecordCapacity = "store.record-capacity"
    case storeRecordLease = "store.record-lease"
    case serverHost = "server.host"
    case serverPort = "server.port"
    case serverAllowPlaintext = "server.allow-plaintext-network"
    case serverMaxBody = "server.max-body-bytes"
    case serverMaxBatch = "server.max-batch-bytes"
    case serverDrainTimeout = "server.drain-timeout"
    case serverTLSCertificate = "server.tls-certificate"
    case serverTLSKey = "server.tls-key"
    case serverTLSMinimum = "server.tls-minimum"
    case serverTLSClientCA = "server.tls-client-ca"
    case serverTLSClientCertificates = "server.tls-client-certificates"
    case serverTLSSubject = "server.tls-subject"
    case limitsSubjectManagement = "limits.subject.management"
    case limitsSubjectSymmetric = "limits.subject.symmetric"
    case limitsSubjectRSA = "limits.subject.rsa"
    case limitsSubjectEC = "limits.subject.ec"
    case limitsProjectManagement = "limits.project.management"
    case limitsProjectSymmetric = "limits.project.symmetric"
    case limitsProjectRSA = "limits.project.rsa"
    case limitsProjectEC = "limits.project.ec"
    case logLevel = "log.level"
    case logFormat = "log.format"

    /// What the setting is when nobody says; nil when somebody has to.
    var standard: String? {
        switch self {
        case .tokenURI, .storePath: nil
        case .tokenWorkers: "auto"
        case .tokenQueueLimit: "1024"
        case .tokenDeadline: "5s"
        case .tokenHandleCapacity: "4096"
        case .tokenGenerationDeadline: "1m"
        case .keysDestructionDays: "30"
        case .keysLeastDestructionDays: "7"
        case .keysImportLifetime: "24h"
        case .schedulerInterval: "30s"
        case .storeRecordCapacity: "20000"
        case .storeRecordLease: "20ms"
        case .serverHost: "127.0.0.1"
        case .serverPort: "8700"
        case .serverAllowPlaintext: "false"
        case .serverMaxBody: "65536"
        case .serverMaxBatch: "8388608"
        case .serverDrainTimeout: "10s"
        case .serverTLSCertificate, .serverTLSKey, .serverTLSClientCA: ""
        case .serverTLSMinimum: "1.3"
        case .serverTLSClientCertificates: "none"
        case .serverTLSSubject: "common-name"
        case .limitsSubjectManagement, .limitsSubjectSymmetric, .limitsSubjectRSA, .limitsSubjectEC,
            .limitsProjectManagement, .limitsProjectSymmetric, .limitsProjectRSA, .limitsProjectEC:
            "0"
        case .logLevel: "info"
        case .logFormat: "json"
        }
    }

    /// The variable that overrides the file: `token.uri` is `KMS_TOKEN_URI`.
    var environmentName: String {
        "KMS_" + rawValue.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }
}
