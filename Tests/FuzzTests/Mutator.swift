/// Makes inputs from other inputs, reproducibly for the same seed.
struct Mutator {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(state: seed)
    }

    /// The tokens that are difficult for parsers: brackets, quotes, escapes, lengths at a limit, combining marks, broken UTF-8.
    private static let tokens: [[UInt8]] =
        [
            "{", "}", "[", "]", "\"", "\\", "\\u0000", "\\ud800", ":", ",", "=", "&", "%", "%00", "%2F", "/", "..", ";",
            " ", "\n", "\r\n", "-", "-1", "0", "9223372036854775807", "18446744073709551616", "1e999", "null", "true",
            "\u{301}", "\u{FEFF}", "*", "?", "arn:aws:", "kms:", "alias/", "&a", "*a", "<<", "!!", "|", ">",
        ].map { Array($0.utf8) } + [
            [0], [0xFF], [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF],
            [0x80, 0, 0, 0], [0, 0, 0, 0], [0x30, 0x80], [0x82, 0xFF, 0xFF], [0x84, 0xFF, 0xFF, 0xFF, 0xFF],
        ]

    /// Changes an input one to four times; `other` supplies parts.
    mutating func mutate(_ input: [UInt8], with other: [UInt8], maxLength: Int) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&bytes, other) }
        return bytes.count <= maxLength ? bytes : Array(bytes.prefix(maxLength))
    }

    mutating func index(of count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

    private mutating func change(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2 where place < bytes.count: bytes[place] &+= [1, 0xFF].randomElement(using: &generator) ?? 1
        case 3: bytes.removeSubrange(range(in: bytes))
        case 4: bytes.insert(contentsOf: bytes[range(in: bytes)], at: place)
        case 5: bytes.insert(contentsOf: other[range(in: other)], at: place)
        case 6: bytes = Array(bytes.prefix(place))
        default: bytes.insert(contentsOf: Self.tokens.randomElement(using: &generator) ?? [], at: place)
        }
    }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let length = min(bytes.count - start, 1 << Int.random(in: 0...8, using: &generator))
        return start..<start + Int.random(in: 0...length, using: &generator)
    }
}

/// The generator of Steele, Lea and Flood 2014: small, and good enough to choose mutations.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
