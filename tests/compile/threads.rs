//! Elements that may not cross threads.

//@ E0277 an array of reference-counted elements moved to a thread
fn moves<T: Send>(_: T) {}
moves(array![std::rc::Rc::new(1)]);

//@ E0277 a view of cells moved to a thread
fn moves<T: Send>(_: T) {}
moves(array![std::cell::Cell::new(1)].view());

//@ E0277 an array of cells shared between threads
fn shared<T: Sync>(_: &T) {}
shared(&array![std::cell::Cell::new(1)]);

//@ E0277 an exclusive view of reference-counted elements moved to a thread
fn moves<T: Send>(_: T) {}
moves(array![std::rc::Rc::new(1)].view_mut());

//@ E0277 an iterator over cells moved to a thread
fn moves<T: Send>(_: T) {}
moves(array![std::cell::Cell::new(1)].iter());

//@ compiles what may cross
fn moves<T: Send>(_: T) {}
fn shared<T: Sync>(_: &T) {}
let mut x = array![1.0];
shared(&x);
moves(x.view());
moves(x.view_mut());
moves(x.iter());
moves(array![std::cell::Cell::new(1)].view_mut());
moves(array![std::cell::Cell::new(1)]);
