internal import CPKCS11

/// The alignment of C structures and numbers in memory that is given out in pieces.
enum CAlignment {
    static var bytes: Int { MemoryLayout<CK_ATTRIBUTE>.alignment }

    static func roundUp(_ count: Int) -> Int { (count + bytes - 1) / bytes * bytes }
}
