import Foundation

/// A file for a key that is about to be made: new, and from the start for its owner alone.
struct NewKeyFile {
    let path: String
    private let file: FileHandle

    init(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("cannot make \(path): \(BoundedInput.reason())", hint: "name a file that is not there")
        }
        self.path = path
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ key: String) throws {
        try file.write(contentsOf: Data((key + "\n").utf8))
        try file.synchronize()
    }

    /// Takes the file away again when no key came into it.
    func discardIfEmpty() {
        guard lseek(file.fileDescriptor, 0, SEEK_END) == 0 else { return }
        unlink(path)
    }
}
