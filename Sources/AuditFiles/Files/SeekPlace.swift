/// The places of lseek(2) that Swift does not see, because they are GNU extensions.
enum SeekPlace {
    /// SEEK_DATA: the next byte that is not in a hole.
    static let data: Int32 = 3
    /// SEEK_HOLE: the next hole, or the end of the file.
    static let hole: Int32 = 4
}
