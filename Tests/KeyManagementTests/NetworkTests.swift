import KeyManagement
import Testing

@Suite
struct NetworkTests {
    // Python's ipaddress gives the same results: ip_address(a) in ip_network(n).
    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false), ("0.0.0.0/0", "8.8.8.8", true),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false), ("10.0.0.0/9", "10.127.0.1", true),
        ("10.0.0.0/9", "10.128.0.1", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/33", "2001:db8:8000::", false), ("::/0", "::1", true), ("::/0", "127.0.0.1", false),
        ("0.0.0.0/0", "::1", false), ("192.0.2.0/24", "::ffff:192.0.2.9", true), ("fe80::/10", "fe80::1", true),
    ])
    func `contain the addresses of their prefix and no others`(_ network: String, _ address: String, _ isIn: Bool)
        throws
    {
        #expect(try Network(network).contains(#require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        ("2001:0DB8:0:0:0:0:0:0/32", "2001:db8::/32"), ("10.0.0.1", "10.0.0.1/32"), ("::1", "::1/128"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3/128"), ("0:0:0:0:0:0:0:0/0", "::/0"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8/128"),
        ("1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8/128"),
    ])
    func `are written canonically (RFC 5952)`(_ text: String, _ canonical: String) throws {
        #expect(try Network(text).description == canonical)
        #expect(try Network(canonical).description == canonical)
    }

    @Test(arguments: [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/24", "10.0.0/8", "10.0.0.0.0", "010.0.0.1", "256.0.0.1", "a",
        "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/08", " 10.0.0.1", "::/129", "1::2::3", ":::", "1:2:3:4:5:6:7:8:9",
        "12345::", "g::", "::1%eth0", "[::1]", "1.2.3.4::", "::1.2.3", "-1.0.0.0", "2001:db8::1/32",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(throws: KMSError.self) { try Network(text) }
    }
}
