import Encodings
import Foundation
import KMSTesting
import KeyManagement

/// A request signed by botocore, the signing code of the AWS command line and boto3, as it is received, and its secret.
struct BotocoreRequest: Decodable {
    let method: String
    let path: String
    let query: String
    /// The names and values, in the order in which they are sent.
    let headers: [[String]]
    /// Hexadecimal.
    let body: String
    let accessKey: String
    let secret: String
    let region: String
    /// The time of signing, in milliseconds since 1970.
    let now: Int64

    /// Returns random requests signed by botocore.
    static func random(seed: Int, count: Int) throws -> [BotocoreRequest] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("kms-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let child = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", script, "\(seed)", "\(count)"],
            environment: ProcessInfo.processInfo.environment, output: folder + "/out", errors: folder + "/errors")
        guard child.wait() == 0 else {
            throw Failure(text: (try? String(contentsOfFile: folder + "/errors", encoding: .utf8)) ?? "")
        }
        return try read(Data(contentsOf: URL(fileURLWithPath: folder + "/out")))
    }

    static func read(_ json: Data) throws -> [BotocoreRequest] {
        try JSONDecoder().decode([BotocoreRequest].self, from: json)
    }

    struct Failure: Error {
        let text: String
    }

    var bytes: [UInt8] { Hexadecimal.bytes(body) ?? [] }

    var pairs: [(name: String, value: String)] { headers.map { (name: $0[0], value: $0[1]) } }

    var time: Timestamp { Timestamp(milliseconds: now) }
}

/// A script that makes random requests and signs them: `python3 sign.py SEED COUNT`. The constants in `BotocoreVectors` are its
/// output for 1 and 8.
private let script = #"""
    import datetime, json, random, sys
    import botocore.auth
    from botocore.auth import SigV4Auth, _host_from_url
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    from urllib.parse import urlsplit

    def sign(method, url, headers, body, access_key, secret, region, when):
        botocore.auth.get_current_datetime = lambda *_: when
        request = AWSRequest(method=method, url=url, data=body)
        for name, value in headers:
            request.headers[name] = value
        SigV4Auth(Credentials(access_key, secret), 'kms', region).add_auth(request)
        parts = urlsplit(url)
        received = [['Host', _host_from_url(url)]] + [[n, v] for n, v in request.headers.items()]
        return {'method': method, 'path': parts.path, 'query': parts.query, 'headers': received, 'body': body.hex(),
                'accessKey': access_key, 'secret': secret, 'region': region,
                'now': int(when.replace(tzinfo=datetime.timezone.utc).timestamp()) * 1000}

    def some(random, alphabet, most):
        return ''.join(random.choice(alphabet) for _ in range(random.randint(1, most)))

    def request(random):
        segments = ['.', '..', '', 'a%20b', 'caf%C3%A9', '%2F', '-_.~', "a'b(c)*!", 'x@y:z', '%25', 'A1', 'a=b&c', '+', ',']
        path = ''.join('/' + random.choice(segments) for _ in range(random.randint(0, 5)))
        pairs = [some(random, 'abcAB-_.~%2', 3) + random.choice(['', '=', '=' + some(random, 'xyz019%2B+', 4)])
                 for _ in range(random.randint(0, 4))]
        host = random.choice(['kms.eu-central-1.amazonaws.com', 'localhost:8443', '127.0.0.1:80', '[::1]:8443', 'localhost:443'])
        url = random.choice(['https', 'http']) + '://' + host + path + ('?' + '&'.join(pairs) if pairs else '')
        body = random.randbytes(random.choice([0, 1, 20, 50]))
        headers = [('Content-Type', 'application/x-amz-json-1.1'), ('X-Amz-Target', 'TrentService.' + some(random, 'abcXYZ', 9)),
                   ('User-Agent', 'aws-cli/2.0  test')]
        for _ in range(random.randint(0, 3)):
            headers.append((random.choice(['X-Amz-Meta', 'x-amz-meta', 'X-Custom', 'Accept']),
                            random.choice(['  two   spaces ', 'tab\there', 'a,b', '', 'q="1  2"', 'plain'])))
        if random.random() < 0.3: headers.append(('Date', 'whenever'))
        random.shuffle(headers)
        when = datetime.datetime(2000, 1, 1) + datetime.timedelta(seconds=random.randint(0, 3_000_000_000))
        return sign(random.choice(['POST', 'GET', 'PUT']), url, headers, body, 'AKIA' + some(random, 'A', 1) + 'BCDEFGHIJKLMNO7',
                    some(random, 'abcXYZ019+/', 40), random.choice(['us-east-1', 'eu-central-1', 'a']), when)

    seed, count = int(sys.argv[1]), int(sys.argv[2])
    random = random.Random(seed)
    print(json.dumps([request(random) for _ in range(count)]))
    """#
