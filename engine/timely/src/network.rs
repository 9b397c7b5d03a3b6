//! The links between the processes of a run. Process i listens at the i-th address; each process connects to those before it.

use std::any::Any;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use timely::communication::AllocatorBuilder;
use timely::communication::allocator::ProcessBuilder;
use timely::communication::allocator::zero_copy::bytes_slab::BytesRefill;
use timely::communication::allocator::zero_copy::initialize::initialize_networking_from_sockets;

/// How long a process waits for the others.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long between two attempts.
const PAUSE: Duration = Duration::from_millis(10);
/// How long a process that has connected may take to say which one it is.
const GREETING: Duration = Duration::from_secs(5);

/// Connects process `process` to the others, and makes what its workers communicate by, with what has to be kept meanwhile.
///
/// # Errors
/// When an address cannot be used, or a process does not appear in time.
pub fn connect(
    addresses: &[String],
    process: usize,
    workers: usize,
) -> Result<(Vec<AllocatorBuilder>, Box<dyn Any + Send>)> {
    let deadline = Instant::now() + PATIENCE;
    let address = &addresses[process];
    let listener = TcpListener::bind(address.as_str()).map_err(|error| at(address, &error))?;
    let mut sockets = Vec::new();
    for address in &addresses[..process] {
        let mut socket = reach(address, deadline)?;
        socket.write_all(&(process as u64).to_be_bytes())?;
        sockets.push(Some(socket));
    }
    sockets.resize_with(addresses.len(), || None);
    await_others(&listener, &mut sockets, process, deadline)?;
    for socket in sockets.iter().flatten() {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(None)?;
    }
    let refill = BytesRefill { logic: Arc::new(|size| Box::new(vec![0_u8; size])), limit: None };
    let threads = ProcessBuilder::new_typed_vector(workers, refill.clone());
    let (builders, guard) =
        initialize_networking_from_sockets(threads, sockets, process, workers, refill, Arc::new(|_| None))?;
    Ok((builders.into_iter().map(AllocatorBuilder::Tcp).collect(), Box::new(guard)))
}

/// Connects to a process that may not have begun to listen.
fn reach(address: &str, deadline: Instant) -> Result<TcpStream> {
    loop {
        match TcpStream::connect(address) {
            Ok(socket) => return Ok(socket),
            Err(error) if Instant::now() > deadline => return Err(at(address, &error)),
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}

/// Waits until all processes after this one have connected.
fn await_others(
    listener: &TcpListener,
    sockets: &mut [Option<TcpStream>],
    process: usize,
    deadline: Instant,
) -> Result<()> {
    listener.set_nonblocking(true)?;
    while let Some(missing) = (process + 1..sockets.len()).find(|&other| sockets[other].is_none()) {
        match listener.accept() {
            Ok((socket, _)) => {
                // A stranger is turned away.
                if let Some((other, socket)) = greeted(socket).filter(|(other, _)| *other > process) {
                    if let Some(place) = sockets.get_mut(other) {
                        *place = Some(socket);
                    }
                }
            }
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
            Err(_) if Instant::now() > deadline => {
                return Err(Error::new(ErrorKind::TimedOut, format!("process {missing} has not connected")));
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
    Ok(())
}

/// Reads which process has connected.
fn greeted(mut socket: TcpStream) -> Option<(usize, TcpStream)> {
    let mut number = [0; 8];
    socket.set_nonblocking(false).ok()?;
    socket.set_read_timeout(Some(GREETING)).ok()?;
    socket.read_exact(&mut number).ok()?;
    Some((usize::try_from(u64::from_be_bytes(number)).ok()?, socket))
}

fn at(address: &str, error: &Error) -> Error {
    Error::new(error.kind(), format!("{address}: {error}"))
}
